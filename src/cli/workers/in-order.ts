/** Jobs over traces: in several threads where that pays, the largest first, and told in the order given. */
import { Clock, Effect, Semaphore, type Exit } from "effect"
import { clearProgress, counter, withProgress, type Counter } from "../progress.ts"
import { openThreads, type RunJob, type Thread } from "./threads.ts"

/** A trace before it is read. */
export interface TraceFile {
  readonly path: string
  /** As it lies on the disk; 0 where nobody knows. */
  readonly byteCount: number
  /** It can't be read in another thread: it is standard input, or a pipe. */
  readonly hereOnly?: boolean
}

/**
 * Does one piece of work for each trace, on up to `jobs` processors. Where there are several, the largest traces come first,
 * so that none ends up with one of them alone. `tell` hears of them in the order given, each as soon as it and those before it are done; a failure comes
 * in its place, too, and ends the rest.
 *
 * @param one its jobs are done by `run`, wherever that is; what they read is noted in `progress`
 */
export const inOrder = <One extends TraceFile, Done, E>(
  traces: ReadonlyArray<One>,
  jobs: number,
  one: (trace: One, run: RunJob, progress: Counter) => Effect.Effect<Done, E>,
  tell: (done: Done, trace: One) => Effect.Effect<void>,
): Effect.Effect<void, E> =>
  Effect.scoped(
    Effect.gen(function* () {
      const threads = yield* openThreads(threadCount(traces, jobs))
      const waiting = threads.length === 1 ? [...traces.keys()] : largestFirst(traces)
      const ended: Array<Exit.Exit<Done, E> | undefined> = traces.map(() => undefined)
      const telling = Semaphore.makeUnsafe(1)
      let toldCount = 0
      const tellOn = Effect.gen(function* () {
        for (let exit = ended[toldCount]; exit !== undefined; exit = ended[++toldCount]) {
          const done = yield* exit
          clearProgress(process.stderr)
          yield* tell(done, traces[toldCount]!)
        }
      })
      const progress = counter("")
      let endedCount = 0
      const label = ({ path }: TraceFile): void => {
        progress.label = threads.length === 1 ? path : `${endedCount} of ${traces.length} traces`
      }
      const work = (thread: Thread) =>
        Effect.gen(function* () {
          for (let at = take(waiting, traces, thread); at !== undefined; at = take(waiting, traces, thread)) {
            const trace = traces[at]!
            label(trace)
            ended[at] = yield* Effect.exit(one(trace, thread.run, progress))
            endedCount++
            label(trace)
            yield* telling.withPermits(1)(tellOn)
          }
        })
      const all = Effect.forEach(threads, work, { concurrency: "unbounded", discard: true })
      yield* withProgress(progress, all, process.stderr, yield* Clock.currentTimeMillis)
    }),
  )

/** So many bytes of traces must lie beside the largest one for each thread more. */
const bytesPerThread = 256 * 1024

/** How many threads pay. */
export const threadCount = (traces: ReadonlyArray<TraceFile>, jobs: number): number => {
  const sizes = traces.map(({ byteCount }) => byteCount)
  const besideLargest = sizes.reduce((sum, size) => sum + size, 0) - Math.max(0, ...sizes)
  return Math.max(1, Math.min(jobs, traces.length, 1 + Math.floor(besideLargest / bytesPerThread)))
}

/** Places in the list, by the size of what is there; stable. */
const largestFirst = (traces: ReadonlyArray<TraceFile>): Array<number> =>
  traces.map((_, at) => at).toSorted((a, b) => traces[b]!.byteCount - traces[a]!.byteCount)

/** Takes the place of the next trace for a thread: for this one, what can be read nowhere else comes first. */
const take = (
  waiting: Array<number>,
  traces: ReadonlyArray<TraceFile>,
  { isHere }: Thread,
): number | undefined => {
  const bound = waiting.findIndex((at) => (traces[at]!.hereOnly === true) === isHere)
  const index = bound >= 0 || !isHere ? bound : 0
  return index < 0 ? undefined : waiting.splice(index, 1)[0]
}
