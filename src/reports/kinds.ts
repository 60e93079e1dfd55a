import type { ReportView } from "./view.ts"

/** What a kind makes of a view. */
export interface Rendered {
  /** What goes to the report's file. */
  readonly file: string
  /** Lines for the log of a CI system, which reads them from the process's output. */
  readonly log?: string
}

/** A report kind: one file in kinds/ and one line here. Flags, help, documentation and the tests over all kinds follow. */
export interface ReportKind {
  readonly name: string
  readonly meaning: string
  /** How a file of it is called. */
  readonly extension: string
  /** Whether it shows the timelines of the runs, which cost a second replay. */
  readonly timeline: boolean
  /** Loads what renders it: pure and synchronous. */
  readonly load: () => Promise<Renderer>
}
export type Renderer = (view: ReportView) => Rendered

/** Every report kind, in the order of the help. */
export const reportKinds = [
  {
    name: "json",
    meaning: "the whole result: 'wakediff render' makes the others from it",
    extension: "json",
    timeline: true,
    load: () => import("./kinds/json.ts").then(({ json }) => json),
  },
  {
    name: "markdown",
    meaning: "a page for a merge request, a wiki or a mail",
    extension: "md",
    timeline: false,
    load: () => import("./kinds/markdown.ts").then(({ markdown }) => markdown),
  },
  {
    name: "junit",
    meaning: "test results, as GitLab, Jenkins and GitHub's test reporters read them",
    extension: "xml",
    timeline: false,
    load: () => import("./kinds/junit.ts").then(({ junit }) => junit),
  },
  {
    name: "html",
    meaning: "one self-contained page, with the timeline of every trace",
    extension: "html",
    timeline: true,
    load: () => import("./kinds/html.ts").then(({ html }) => html()),
  },
  {
    name: "github",
    meaning: "annotations in the log of a GitHub workflow, and its job summary",
    extension: "md",
    timeline: false,
    load: () => import("./kinds/github.ts").then(({ github }) => github),
  },
  {
    name: "sarif",
    meaning: "results for code scanning, with fingerprints that stay",
    extension: "sarif",
    timeline: false,
    load: () => import("./kinds/sarif.ts").then(({ sarif }) => sarif),
  },
  {
    name: "perfetto",
    meaning: "a trace that ui.perfetto.dev opens, a process a semantics",
    extension: "perfetto.json",
    timeline: true,
    load: () => import("./kinds/perfetto.ts").then(({ perfetto }) => perfetto),
  },
] as const satisfies ReadonlyArray<ReportKind>

export const reportKindNames = reportKinds.map(({ name }) => name)
