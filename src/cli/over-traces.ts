/** The one loop of every command over traces: find, read, analyse, print; one bad trace does not stop the others. */
import { Effect } from "effect"
import { stat } from "node:fs/promises"
import type { DocumentKind, Refusal } from "../domain/documents.ts"
import type { BadOutput, BadTrace, BadUsage } from "../domain/errors.ts"
import type { ReadProgress } from "../domain/progress.ts"
import type { Style } from "../domain/style.ts"
import type { ReportView } from "../reports/view.ts"
import { findTraces } from "../traces/find.ts"
import { standardInput } from "../traces/source.ts"
import { documentOf, printDocument, type DocumentOf, type RunOf } from "./document.ts"
import { exits, finish, type Finished } from "./exit.ts"
import { openReports } from "./outputs.ts"
import { complain } from "./present.ts"
import type { Reading } from "./reading.ts"
import type { ReportRequest } from "./report-flag.ts"
import { say } from "./say.ts"
import { tally, type Outcome } from "./tally.ts"
import { styleOf, terminalWidth } from "./terminal.ts"
import { complainOfTorn, type TraceDone, type TraceTask } from "./trace-job.ts"
import { inOrder, type TraceFile } from "./workers/in-order.ts"
import type { RunJob } from "./workers/threads.ts"

export interface TraceCommand<Kind extends DocumentKind, Found> {
  readonly kind: Kind
  /** Files, folders, or `-`. */
  readonly traces: ReadonlyArray<string>
  readonly json: boolean
  readonly reading: Reading
  /** How many traces are analysed at a time; the output does not depend on it. */
  readonly jobs: number
  /** The command's job for one trace: `run` does it, in whichever thread. */
  readonly job: (
    run: RunJob,
    task: TraceTask,
    progress: ReadProgress,
  ) => Effect.Effect<TraceDone<Found>, BadTrace | BadUsage>
  /** The run of the document that a job has found; called in the order of the traces. */
  readonly runOf: (found: Found) => RunOf<Kind>
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
 * Runs a command over every trace, in the order of the arguments. Text is printed run by run, a document when all is done;
 * an unreadable trace is reported on standard error and, in the document, under `refused`. A trace that several
 * arguments lead to is read once. Ends with the gravest code.
 */
export const overTraces = <Kind extends DocumentKind, Found>(
  command: TraceCommand<Kind, Found>,
): Effect.Effect<void, Finished | BadUsage | BadOutput> =>
  Effect.gen(function* () {
    const { reporting, reading } = command
    const outputs = yield* openReports(reporting?.requests ?? [], {
      inputs: command.traces,
      json: command.json,
    })
    const { needTimeline } = outputs
    const isQuiet = command.json || outputs.ownStdout
    const runs: Array<RunOf<Kind>> = []
    const refused: Array<Refusal> = []
    const codes: Array<number> = []
    const outcomes: Array<Outcome> = []

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

    const files = yield* filesOf(command.traces)
    const readAhead = files.length === 1 && command.jobs > 1
    yield* inOrder(
      files,
      command.jobs,
      ({ path, refusal }, run, progress) =>
        refusal === undefined
          ? Effect.catchTag(
              command.job(run, { path, reading, needTimeline, readAhead }, progress),
              "BadTrace",
              Effect.succeed,
            )
          : Effect.succeed(refusal),
      (result, { path }) => {
        if ("_tag" in result) return refuse(result)
        const { found, tornLine } = result
        return Effect.andThen(
          complainOfTorn(path, tornLine),
          Effect.suspend(() => report(command.runOf(found))),
        )
      },
    )

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

/** A trace, or in its place why there is none. */
interface NamedTrace extends TraceFile {
  readonly refusal?: BadTrace
}

/** The traces that the arguments lead to, in their order, each once. */
const filesOf = (traces: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<NamedTrace>> =>
  Effect.gen(function* () {
    const already = new Set<string>()
    const files: Array<NamedTrace> = []
    for (const argument of traces) {
      const paths = yield* Effect.result(findTraces(argument, already))
      if (paths._tag === "Failure") files.push({ path: argument, byteCount: 0, refusal: paths.failure })
      else for (const path of paths.success) files.push(yield* fileOf(path))
    }
    return files
  })

/** A file that isn't there any more is its reader's to tell. Names such as /dev/stdin mean this thread's standard input. */
const fileOf = (path: string): Effect.Effect<NamedTrace> =>
  Effect.promise(async () => {
    const stats = path === standardInput ? undefined : await stat(path).catch(() => undefined)
    return stats?.isFile() === true && !/^\/(dev|proc)\//.test(path)
      ? { path, byteCount: stats.size }
      : { path, byteCount: 0, hereOnly: true }
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
