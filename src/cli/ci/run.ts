/** The corpus, trace by trace: on all processors, and told in the corpus's order. */
import { Clock, Effect, Semaphore } from "effect"
import type { CiRun } from "../../domain/documents.ts"
import type { BadOutput, BadResult, BadTrace } from "../../domain/errors.ts"
import { complain } from "../present.ts"
import { counter, withProgress, type Counter } from "../progress.ts"
import { openPool, type JobPool } from "../workers/pool.ts"
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

/**
 * Replays the traces and compares each with its baseline. The largest come first, so that no processor ends up with one of them alone;
 * `tell` hears of them in the order given, each as soon as those before it are decided.
 */
export const runTraces = (
  traces: ReadonlyArray<CorpusTrace>,
  settings: CiSettings,
  tell: (decided: Decided) => Effect.Effect<void>,
): Effect.Effect<ReadonlyArray<Decided>, BadOutput> =>
  Effect.scoped(
    Effect.gen(function* () {
      const pool = yield* openPool(Math.max(1, Math.min(settings.jobs, traces.length)))
      const decided: Array<Decided | undefined> = traces.map(() => undefined)
      const telling = Semaphore.makeUnsafe(1)
      let toldCount = 0
      const tellOn = Effect.gen(function* () {
        for (let next = decided[toldCount]; next !== undefined; next = decided[++toldCount]) yield* tell(next)
      })
      const progress = counter("")
      let doneCount = 0
      const label = (): void => {
        progress.label = `${doneCount} of ${traces.length} traces`
      }
      label()
      const one = (at: number) =>
        Effect.gen(function* () {
          const of = traces[at]!
          decided[at] = { of, result: yield* runOne(of, settings, pool, progress) }
          doneCount++
          label()
          yield* telling.withPermits(1)(tellOn)
        })
      const work = Effect.forEach(largestFirst(traces), one, { concurrency: pool.size, discard: true })
      yield* withProgress(progress, work, process.stderr, yield* Clock.currentTimeMillis)
      return decided as Array<Decided>
    }),
  )

/** Places in the list, by the size of what is there; stable. */
const largestFirst = (traces: ReadonlyArray<CorpusTrace>): ReadonlyArray<number> =>
  traces.map((_, at) => at).toSorted((a, b) => traces[b]!.byteCount - traces[a]!.byteCount)

const runOne = (
  of: CorpusTrace,
  { askedOf, reading, baseline, update }: CiSettings,
  pool: JobPool,
  progress: Counter,
): Effect.Effect<CiRun | Unreadable, BadOutput> =>
  Effect.gen(function* () {
    const { path, trace, sha256 } = of
    const task = { of: { path, trace, sha256 }, asked: askedOf(path), reading }
    const { outcomes, tornLine } = yield* pool.run("ci", task, progress)
    if (tornLine !== null) {
      yield* complain({
        message: `${path}:${tornLine}: the torn last line was dropped, as --allow-torn asks`,
      })
    }
    return yield* decide(of, outcomes, baseline, update)
  }).pipe(
    Effect.catchTags({
      BadTrace: (error) => Effect.succeed(error),
      BadResult: (error) => Effect.succeed(error),
    }),
  )
