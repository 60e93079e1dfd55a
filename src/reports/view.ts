import type { Refusal, Timeline } from "../domain/documents.ts"

/**
 * What every report kind renders: one plain value, computed from a document before anything is drawn. All texts are plain
 * and untrusted: a kind makes them inert in its own format. The document itself is at hand for the kind `json` alone.
 */
export interface ReportView {
  /** Of the tool that renders. */
  readonly version: string
  /** The command whose result it is, such as `diff`. */
  readonly command: string
  /** A heading: what was done to what. */
  readonly title: string
  /** One sentence that a manager understands. */
  readonly headline: string
  readonly tone: Tone
  readonly facts: ReadonlyArray<Fact>
  /** What is said of all runs together. */
  readonly tables: ReadonlyArray<Table>
  readonly findings: ReadonlyArray<ReportFinding>
  readonly runs: ReadonlyArray<RunView>
  readonly refused: ReadonlyArray<Refusal>
  /** Every rule that a finding of this report may name, whether or not one does. */
  readonly rules: ReadonlyArray<Rule>
  /** The encoded document. */
  readonly document: unknown
}

/** How something is to be taken; colours, icons and words follow from it. */
export type Tone = "good" | "bad" | "unsure" | "neutral"

/** What a run counts as where tests are counted: a failed one has findings of the level `error`. */
export type Outcome = "passed" | "failed" | "unsure"

/** One trace. */
export interface RunView {
  readonly trace: string
  readonly rowCount: number
  readonly outcome: Outcome
  readonly tone: Tone
  /** One sentence: `conforms to 1.7-post-fix`. */
  readonly headline: string
  readonly facts: ReadonlyArray<Fact>
  readonly tables: ReadonlyArray<Table>
  /** Worst first. */
  readonly findings: ReadonlyArray<ReportFinding>
  /** How many more there are. */
  readonly findingsLeftOut: number
  readonly timeline: Timeline | null
  /** Shows this run again, in a shell. */
  readonly command: string
}

export interface Fact {
  readonly label: string
  /** Lines of text. */
  readonly value: ReadonlyArray<string>
  readonly tone: Tone
}

/** Rows of equal length; the first column is text, the others are numbers, or pairs of them. */
export interface Table {
  readonly title: string
  readonly header: ReadonlyArray<string>
  readonly rows: ReadonlyArray<TableRow>
  /** Said below it. */
  readonly note: string | null
}

export interface TableRow {
  readonly cells: ReadonlyArray<string>
  readonly tone: Tone
}

/** `error`: the run fails for it; `warning`: it is bad, and nobody asked to fail for it; `note`: it is to be known. */
export const levels = ["error", "warning", "note"] as const
export type Level = (typeof levels)[number]

export interface ReportFinding {
  readonly level: Level
  /** The name of one of the view's rules. */
  readonly rule: string
  /** One line. */
  readonly title: string
  /** Lines that say more. */
  readonly details: ReadonlyArray<string>
  /** Null where it is about no single trace. */
  readonly trace: string | null
  /** The `seq` at which it shows. */
  readonly row: number | null
  /** The line of the trace's file, where it is known. */
  readonly line: number | null
  readonly timeUs: number | null
  readonly entity: string | null
  /** Commands that show it again, in a shell. */
  readonly commands: ReadonlyArray<string>
  /** What makes it the same finding in another run of the tool: stable when rows are added elsewhere. */
  readonly identity: ReadonlyArray<string>
}

/** What a finding can be an instance of. */
export interface Rule {
  /** A name such as `starved`. */
  readonly name: string
  readonly meaning: string
  readonly level: Level
}
