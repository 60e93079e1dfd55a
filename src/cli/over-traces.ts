/** The one loop of every command over traces: find, read, analyse, print; one bad trace does not stop the others. */
import { Clock, Console, Effect, type Stream } from "effect"
import type { RowBatch } from "../domain/batch.ts"
import type { DocumentKind, Refusal } from "../domain/documents.ts"
import type { BadTrace, BadUsage } from "../domain/errors.ts"
import type { Style } from "../domain/style.ts"
import { findTraces } from "../traces/find.ts"
import { readTrace } from "../traces/read.ts"
import { printDocument, type RunOf } from "./document.ts"
import { exits, finish, type Finished } from "./exit.ts"
import { complain } from "./present.ts"
import { counter, withProgress } from "./progress.ts"
import { commandAgain, type Reading } from "./reading.ts"
import { tally, type Outcome } from "./tally.ts"
import { styleOf, terminalWidth } from "./terminal.ts"

/** What a command may want to know of the trace that it is analysing. */
export interface TraceInHand {
  /** As the user gave it, or as it was found in a folder. Untrusted. */
  readonly name: string
  /** The command that shows this run again; `words` are the command's own flags. */
  readonly again: (words: ReadonlyArray<string>) => string
  /** The torn last line that `--allow-torn` let drop; known when the batches have ended. */
  readonly tornLine: () => number | null
}

export interface TraceCommand<Kind extends DocumentKind> {
  readonly kind: Kind
  /** Files, folders, or `-`. */
  readonly traces: ReadonlyArray<string>
  readonly json: boolean
  readonly reading: Reading
  readonly analyse: (
    batches: Stream.Stream<RowBatch, BadTrace>,
    trace: TraceInHand,
  ) => Effect.Effect<RunOf<Kind>, BadTrace | BadUsage>
  /** One run for the terminal, without a final line break; undefined: nothing is printed before the end. */
  readonly render: (run: RunOf<Kind>, style: Style, width: number) => string | undefined
  readonly codeOf: (run: RunOf<Kind>) => number
  /** What the summary line counts the run as; undefined: it is not counted. */
  readonly outcomeOf: (run: RunOf<Kind>) => Outcome | undefined
  /** What is said of all runs together, when they are done and there was at least one. */
  readonly together?: (runs: ReadonlyArray<RunOf<Kind>>) => Together
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
): Effect.Effect<void, Finished | BadUsage> =>
  Effect.gen(function* () {
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
      const text = command.json ? undefined : command.render(run, styleOf(), terminalWidth())
      return text === undefined ? Effect.void : Console.log(blankLine + text)
    }
    const refuse = (error: BadTrace): Effect.Effect<void> => {
      codes.push(error.exitCode)
      refused.push(refusalOf(error))
      outcomes.push(refusedOutcome)
      return complain(error)
    }
    const oneTrace = (path: string): Effect.Effect<void, BadTrace | BadUsage> => {
      progress.label = path
      const run = withProgress(progress, analysed(command, path, progress), process.stderr, sinceMs)
      return Effect.flatMap(run, report)
    }

    for (const argument of command.traces) {
      const paths = yield* findTraces(argument, found).pipe(
        Effect.catchTag("BadTrace", (error) => Effect.as(refuse(error), [])),
      )
      for (const path of paths) yield* oneTrace(path).pipe(Effect.catchTag("BadTrace", refuse))
    }

    const together = command.together?.(runs)
    if (together !== undefined && runs.length > 0) codes.push(together.code)
    if (command.json) yield* printDocument(command.kind, runs, refused, together?.fields)
    else {
      const text = runs.length > 0 ? together?.render(styleOf(), terminalWidth()) : undefined
      if (text !== undefined) yield* Console.log(text)
      if (outcomes.length > 1) yield* Console.log(summary(outcomes, refused.length))
    }
    yield* finish(codes)
  })

/** Reads and analyses one trace. A torn line that was dropped is said, whatever becomes of the run. */
const analysed = <Kind extends DocumentKind>(
  { kind, reading, analyse }: TraceCommand<Kind>,
  path: string,
  progress: { rows: number; bytes: number; totalBytes: number },
): Effect.Effect<RunOf<Kind>, BadTrace | BadUsage> =>
  Effect.suspend(() => {
    let torn: number | null = null
    const batches = readTrace(path, {
      ...reading,
      progress,
      onTorn: (line) => {
        torn = line
      },
    })
    const run = analyse(batches, {
      name: path,
      again: (words) => commandAgain(kind, words, reading, path),
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
