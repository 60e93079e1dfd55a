import type { Documents } from "../domain/documents.ts"
import type { Style } from "../domain/style.ts"
import { ciEnd, ciText } from "./ci-text.ts"
import { diagnoseText, togetherText } from "./diagnose-text.ts"
import { diffText } from "./diff-text.ts"
import { signoffText, signoffTogetherText } from "./signoff-text.ts"
import { verifyText } from "./verify-text.ts"
import type { ReportView } from "./view.ts"
import { ciView } from "./views/ci.ts"
import { diagnoseView } from "./views/diagnose.ts"
import { diffView } from "./views/diff.ts"
import type { Notes } from "./views/notes.ts"
import type { Drawn } from "./views/overall.ts"
import { signoffView } from "./views/signoff.ts"
import { verifyView } from "./views/verify.ts"

/** How the document of a command is shown: as a view, which every report kind renders, and as text for a terminal. */
export interface Showing<Document> {
  readonly view: (document: Document, notes: Notes) => Drawn
  readonly text: (document: Document, terminal: Terminal) => string
}

/** Where a text is read. */
export interface Terminal {
  readonly notes: Notes
  readonly style: Style
  readonly width: number
}

const apart = (texts: ReadonlyArray<string>): string => texts.join("\n\n")

/** The documents that have reports: one line each. */
const showings = {
  verify: {
    view: verifyView,
    text: ({ runs }, { notes, style, width }) =>
      apart(runs.map((run) => verifyText(run, notes, style, width))),
  } satisfies Showing<Documents["verify"]>,
  diff: {
    view: diffView,
    text: ({ runs }, { style }) => apart(runs.map((run) => diffText(run, style))),
  } satisfies Showing<Documents["diff"]>,
  diagnose: {
    view: diagnoseView,
    text: ({ runs, together }, { notes, style, width }) =>
      apart([
        ...runs.map((run) => diagnoseText(run, notes, style, width)),
        ...(together === null ? [] : [togetherText(together, notes, style, width)]),
      ]),
  } satisfies Showing<Documents["diagnose"]>,
  signoff: {
    view: signoffView,
    text: (document, { notes, style, width }) =>
      apart([
        ...document.runs.map((run) => signoffText(run, notes, style, width)),
        signoffTogetherText(document, style, width),
      ]),
  } satisfies Showing<Documents["signoff"]>,
  ci: {
    view: ciView,
    text: (document, { style, width }) =>
      [...document.runs.map((run) => ciText(run, style, width)), ...ciEnd(document, style)].join("\n"),
  } satisfies Showing<Documents["ci"]>,
}

export type ViewedKind = keyof typeof showings
type Showings = { readonly [K in ViewedKind]: Showing<Documents[K]> }
const typed: Showings = showings
export const viewedKinds = Object.keys(showings) as ReadonlyArray<ViewedKind>

export interface ViewContext {
  /** Of the tool. */
  readonly version: string
  readonly notes: Notes
}

/** What every report kind renders, from the document of a command as its schema encodes it. */
export const viewOf = <Kind extends ViewedKind>(
  kind: Kind,
  document: Documents[Kind],
  { version, notes }: ViewContext,
): ReportView => ({
  version,
  command: kind,
  ...typed[kind].view(document, notes),
  refused: document.refused,
  document,
})

/** A document as text for a terminal, without a final line break. */
export const textOf = <Kind extends ViewedKind>(
  kind: Kind,
  document: Documents[Kind],
  terminal: Terminal,
): string => typed[kind].text(document, terminal)
