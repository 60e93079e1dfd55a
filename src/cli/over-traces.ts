/** The one loop of every command over traces: find, read, analyse, print; one bad trace does not stop the others. */
import { Clock, Effect, type Stream } from "effect"
import { createHash } from "node:crypto"
import type { RowBatch } from "../domain/batch.ts"
import type { DocumentKind, Refusal } from "../domain/documents.ts"
import type { BadOutput, BadTrace, BadUsage } from "../domain/errors.ts"
import type { Style } from "../domain/style.ts"
import type { ReportView } from "../reports/view.ts"
import { findTraces } from "../traces/find.ts"
import { readTrace } from "../traces/read.ts"
import { documentOf, printDocument, type DocumentOf, type RunOf } from "./document.ts"
import { exits, finish, type Finished } from "./exit.ts"
import { openReports } from "./outputs.ts"
import { complain } from "./present.ts"
import { counter, withProgress } from "./progress.ts"
import { commandAgain, type Reading } from "./reading.ts"
import type { ReportRequest } from "./report-flag.ts"
import { say } from "./say.ts"
import { tally, type Outcome } from "./tally.ts"
import { styleOf, terminalWidth } from "./terminal.ts"

/** What a command may want to know of the trace that it is analysing. */
export interface TraceInHand {
  /** As the user gave it, or as it was found in a folder. Untrusted. */
  readonly name: string
  /** The command that shows this run again; `words` are the command's own flags. */
  readonly again: (words: ReadonlyArray<string>) => string
  /** The command that explains something of this trace. */
  readonly explaining: (words: ReadonlyArray<string>) => string
  /** The command that shows this trace by another command; `words` are that command's flags. */
  readonly showing: (command: DocumentKind, words: ReadonlyArray<string>) => string
  /** Whether a report shows the timeline of the run. */
  readonly needTimeline: boolean
  /** SHA-256 of the trace's bytes, hexadecimal, where the command is `hashed`; known when the batches have ended. At most once. */
  readonly sha256: () => string
  /** The torn last line that `--allow-torn` let drop; known when the batches have ended. */
  readonly tornLine: () => number | null
}

export interface TraceCommand<Kind extends DocumentKind> {
  readonly kind: Kind
  /** Files, folders, or `-`. */
  readonly traces: ReadonlyArray<string>
  readonly json: boolean
  readonly reading: Reading
  /** Whether the traces are hashed while they are read. */
  readonly hashed?: boolean
  readonly analyse: (
    batches: Stream.Stream<RowBatch, BadTrace>,
    trace: TraceInHand,
  ) => Effect.Effect<RunOf<Kind>, BadTrace | BadUsage>
  /** One run for the terminal, without a final line break; undefined: nothing is printed before the end. */
  readonly render: (run: RunOf<Kind>, style: Style, width: number) => string | undefined
  readonly codeOf: (run: RunOf<Kind>) => number
  /** Reports to write beside what is printed, and what makes the value that they render. */
  readonly reporting?: {
    readonly requests: ReadonlyArray<ReportRequest>
    readonly view: (document: DocumentOf<Kind>) => Effect.Effect<ReportView>
  }
  /** What the summary line counts the run as; undefined: it is not counted. */
  readonly outcomeOf: (run: RunOf<Kind>) => Outcome | undefined
  /** What is said of all runs together, when they are done; nothing of it is printed where there was none. */
  readonly together?: (runs: ReadonlyArray<RunOf<Kind>>, refused: ReadonlyArray<Refusal>) => Together
}

/** What a command says of several runs together: fields of the document, a text, and an exit code of its own. */
export interface Together {
  readonly fields: Readonly<Record<string, unknown>>
  readonly render: (style: Style, width: number) => string | undefined
  readonly code: number
}

/**
 * Runs a command over every trace in the order of the arguments. Text is printed run by run, a document when all is done;
 * an unreadable trace is reported on standard error and, in the document, under `refused`. A trace that several
 * arguments lead to is read once. Ends with the gravest code.
 */
export const overTraces = <Kind extends DocumentKind>(
  command: TraceCommand<Kind>,
): Effect.Effect<void, Finished | BadUsage | BadOutput> =>
  Effect.gen(function* () {
    const { reporting } = command
    const outputs = yield* openReports(reporting?.requests ?? [], {
      inputs: command.traces,
      json: command.json,
    })
    const isQuiet = command.json || outputs.ownStdout
    const runs: Array<RunOf<Kind>> = []
    const refused: Array<Refusal> = []
    const codes: Array<number> = []
    const outcomes: Array<Outcome> = []
    const found = new Set<string>()
    const progress = counter("")
    const sinceMs = yield* Clock.currentTimeMillis

    const report = (run: RunOf<Kind>): Effect.Effect<void> => {
      const blankLine = codes.length > refused.length ? "\n" : ""
      codes.push(command.codeOf(run))
      const outcome = command.outcomeOf(run)
      if (outcome !== undefined) outcomes.push(outcome)
      runs.push(run)
      const text = isQuiet ? undefined : command.render(run, styleOf(), terminalWidth())
      return text === undefined ? Effect.void : say(blankLine + text)
    }
    const refuse = (error: BadTrace): Effect.Effect<void> => {
      codes.push(error.exitCode)
      refused.push(refusalOf(error))
      outcomes.push(refusedOutcome)
      return complain(error)
    }
    const oneTrace = (path: string): Effect.Effect<void, BadTrace | BadUsage> => {
      progress.label = path
      const run = withProgress(
        progress,
        analysed(command, path, progress, outputs.needTimeline),
        process.stderr,
        sinceMs,
      )
      return Effect.flatMap(run, report)
    }

    for (const argument of command.traces) {
      const paths = yield* findTraces(argument, found).pipe(
        Effect.catchTag("BadTrace", (error) => Effect.as(refuse(error), [])),
      )
      for (const path of paths) yield* oneTrace(path).pipe(Effect.catchTag("BadTrace", refuse))
    }

    const together = command.together?.(runs, refused)
    if (together !== undefined && runs.length > 0) codes.push(together.code)
    const document = documentOf(command.kind, runs, refused, together?.fields)
    if (command.json) yield* printDocument(command.kind, document)
    else if (!isQuiet) {
      const text = runs.length > 0 ? together?.render(styleOf(), terminalWidth()) : undefined
      if (text !== undefined) yield* say(text)
      if (outcomes.length > 1) yield* say(summary(outcomes, refused.length))
    }
    if (reporting !== undefined && reporting.requests.length > 0)
      yield* outputs.write(yield* reporting.view(document))
    yield* finish(codes)
  }).pipe(Effect.scoped)

/** Reads and analyses one trace. A torn line that was dropped is said, whatever becomes of the run. */
const analysed = <Kind extends DocumentKind>(
  { kind, reading, analyse, hashed = false }: TraceCommand<Kind>,
  path: string,
  progress: { rows: number; bytes: number; totalBytes: number },
  needTimeline: boolean,
): Effect.Effect<RunOf<Kind>, BadTrace | BadUsage> =>
  Effect.suspend(() => {
    let torn: number | null = null
    const hash = createHash("sha256")
    const batches = readTrace(path, {
      ...reading,
      progress,
      onBytes: hashed ? (bytes) => hash.update(bytes) : undefined,
      onTorn: (line) => {
        torn = line
      },
    })
    const run = analyse(batches, {
      name: path,
      again: (words) => commandAgain(kind, words, reading, path),
      explaining: (words) => commandAgain("explain", words, reading, path),
      showing: (command, words) => commandAgain(command, words, reading, path),
      needTimeline,
      sha256: () => hash.digest("hex"),
      tornLine: () => torn,
    })
    return Effect.tap(run, () =>
      torn === null
        ? Effect.void
        : complain({ message: `${path}:${torn}: the torn last line was dropped, as --allow-torn asks` }),
    )
  })

const refusedOutcome: Outcome = { one: "refused", many: "refused", code: exits.unreadable.code }

const refusalOf = ({ trace, message, line, column }: BadTrace): Refusal => ({
  trace,
  error: message,
  line,
  column,
})

/** The last line where there were several traces. */
const summary = (outcomes: ReadonlyArray<Outcome>, refusedCount: number): string =>
  (refusedCount < outcomes.length ? "\n" : "") + tally("trace", outcomes)
