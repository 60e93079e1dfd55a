/** The reports that `--report KIND=PATH` asks for: opened before the long work, and written whole or not at all. */
import { appendFileSync, mkdirSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { Console, Effect, type Scope } from "effect"
import { BadOutput, BadUsage, quoted, reasonOf } from "../domain/errors.ts"
import { reportKinds, type ReportKind } from "../reports/kinds.ts"
import type { ReportView } from "../reports/view.ts"
import type { ReportRequest } from "./report-flag.ts"
import { openWhole, refuseInput, type WholeFile } from "./whole-file.ts"

/** Reports that are open. */
export interface Outputs {
  /** Whether one of them shows timelines. */
  readonly needTimeline: boolean
  /** Whether one of them goes to standard output, which is then its alone. */
  readonly ownStdout: boolean
  readonly write: (view: ReportView) => Effect.Effect<void, BadOutput>
}

/** Where a GitHub workflow looks for a job's summary. */
const jobSummary = "GITHUB_STEP_SUMMARY"

/**
 * Opens every report, so that one that cannot be written is found now. `inputs`: the traces, none of which may be overwritten;
 * `json`: whether the command prints a document to standard output.
 */
export const openReports = (
  requests: ReadonlyArray<ReportRequest>,
  { inputs = [], json = false }: { readonly inputs?: ReadonlyArray<string>; readonly json?: boolean } = {},
): Effect.Effect<Outputs, BadOutput | BadUsage, Scope.Scope> =>
  Effect.gen(function* () {
    yield* refuseClash(requests, json)
    const ownStdout = requests.some(({ path }) => path === "-")
    const open: Array<{ readonly kind: ReportKind; readonly file: WholeFile }> = []
    for (const { kind: name, path } of requests) {
      const kind: ReportKind = reportKinds.find((one) => one.name === name)!
      for (const input of inputs) yield* refuseInput("--report", path, input)
      open.push({ kind, file: yield* opened(`--report ${name}=${path}`, path) })
    }
    return {
      needTimeline: open.some(({ kind }) => kind.timeline),
      ownStdout,
      write: (view) =>
        Effect.forEach(open, ({ kind, file }) => writeOne(kind, file, view, ownStdout || json), {
          discard: true,
        }),
    }
  })

/** Two reports cannot share a file, nor standard output, where a document may go as well. */
const refuseClash = (
  requests: ReadonlyArray<ReportRequest>,
  json: boolean,
): Effect.Effect<void, BadUsage> => {
  const places = requests.map(({ path }) => (path === "-" ? path : resolve(path)))
  const twice = requests.find((_, at) => places.indexOf(places[at]!) !== at)
  if (twice !== undefined) {
    return Effect.fail(
      new BadUsage({
        problem: `two reports go to ${quoted(twice.path)}`,
        advice: "Give each a path of its own",
      }),
    )
  }
  return json && places.includes("-")
    ? Effect.fail(
        new BadUsage({
          problem: "--json and a report both go to standard output",
          advice: "Give the report a path, or leave out --json",
        }),
      )
    : Effect.void
}

/** A job's summary is added to, for other commands of the step may have written to it; every other file is replaced. */
const opened = (what: string, path: string): Effect.Effect<WholeFile, BadOutput, Scope.Scope> => {
  const attempt = (act: () => void): Effect.Effect<void, BadOutput> =>
    Effect.try({
      try: act,
      catch: (cause) => {
        const reason = reasonOf(cause)
        // Of a folder that is to be made: a file has its name.
        return new BadOutput({ what, reason: reason === "EEXIST" ? "ENOTDIR" : reason })
      },
    })
  const summary = process.env[jobSummary]
  if (path !== "-" && summary !== undefined && summary !== "" && resolve(path) === resolve(summary)) {
    const append = (text: string) => attempt(() => appendFileSync(path, text))
    return Effect.as(append(""), { write: append })
  }
  const folder = path === "-" ? Effect.void : attempt(() => mkdirSync(dirname(path), { recursive: true }))
  return Effect.andThen(folder, openWhole(path, what))
}

const writeOne = (
  kind: ReportKind,
  file: WholeFile,
  view: ReportView,
  stdoutIsTaken: boolean,
): Effect.Effect<void, BadOutput> =>
  Effect.gen(function* () {
    const render = yield* Effect.promise(kind.load)
    const rendered = render(view)
    // A CI system reads commands from either stream.
    if (rendered.log !== undefined && rendered.log !== "")
      yield* stdoutIsTaken ? Console.error(rendered.log) : Console.log(rendered.log)
    yield* file.write(rendered.file)
  })
