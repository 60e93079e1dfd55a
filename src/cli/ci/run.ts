/** The corpus, trace by trace: on all processors, and told in the corpus's order. */
import { Effect } from "effect"
import type { CiRun } from "../../domain/documents.ts"
import type { BadOutput, BadResult, BadTrace } from "../../domain/errors.ts"
import type { ReadProgress } from "../../domain/progress.ts"
import { complainOfTorn } from "../trace-job.ts"
import { inOrder } from "../workers/in-order.ts"
import type { RunJob } from "../workers/threads.ts"
import type { CorpusTrace } from "./corpus.ts"
import { decide } from "./decide.ts"
import type { CiSettings } from "./settings.ts"

/** A trace or a baseline that cannot be read. */
export type Unreadable = BadTrace | BadResult

/** How one trace came out. */
export interface Decided {
  readonly of: CorpusTrace
  readonly result: CiRun | Unreadable
}

export const isRun = (result: CiRun | Unreadable): result is CiRun => !("_tag" in result)

/** Replays the traces and compares each with its baseline; `tell` hears of them in the order given. */
export const runTraces = (
  traces: ReadonlyArray<CorpusTrace>,
  settings: CiSettings,
  tell: (decided: Decided) => Effect.Effect<void>,
): Effect.Effect<ReadonlyArray<Decided>, BadOutput> =>
  Effect.suspend(() => {
    const all: Array<Decided> = []
    const work = inOrder(
      traces,
      settings.jobs,
      (of, run, progress) => runOne(of, settings, run, progress),
      ({ result, tornLine }, of) => {
        const decided = { of, result }
        all.push(decided)
        return Effect.andThen(complainOfTorn(of.path, tornLine), tell(decided))
      },
    )
    return Effect.as(work, all)
  })

/** What becomes of one trace. A torn line that was dropped is told of, whatever becomes of it. */
const runOne = (
  of: CorpusTrace,
  { askedOf, reading, baseline, update }: CiSettings,
  run: RunJob,
  progress: ReadProgress,
): Effect.Effect<{ readonly result: CiRun | Unreadable; readonly tornLine: number | null }, BadOutput> =>
  Effect.gen(function* () {
    const { path, trace, sha256 } = of
    const task = { of: { path, trace, sha256 }, asked: askedOf(path), reading }
    const job = yield* Effect.result(run("ci", task, progress))
    if (job._tag === "Failure") return { result: job.failure, tornLine: null }
    const { outcomes, tornLine } = job.success
    const decided = decide(of, outcomes, baseline, update)
    return { result: yield* Effect.catchTag(decided, "BadResult", Effect.succeed), tornLine }
  })
