/** Threads for jobs that keep a processor busy: this one, and workers beside it. */
import { Worker } from "node:worker_threads"
import { Deferred, Effect, type Scope } from "effect"
import type { BadTrace } from "../../domain/errors.ts"
import type { ReadProgress } from "../../domain/progress.ts"
import { refusal, runJob, type JobKind, type Message, type PayloadOf, type ResultOf } from "./jobs.ts"

/** Does a job. Its rows are added to `progress`. What crashes a thread is a defect here. */
export type RunJob = <Kind extends JobKind>(
  kind: Kind,
  payload: PayloadOf<Kind>,
  progress: ReadProgress,
) => Effect.Effect<ResultOf<Kind>, BadTrace>

/** What does one job at a time. */
export interface Thread {
  readonly isHere: boolean
  readonly run: RunJob
}

/**
 * This thread, which works too, and workers beside it, for as long as the scope lasts; they end with it at once, whatever they do.
 */
export const openThreads = (
  count: number,
): Effect.Effect<readonly [Thread, ...Array<Thread>], never, Scope.Scope> =>
  Effect.map(Effect.replicateEffect(worker, count - 1), (workers) => [
    { isHere: true, run: runJob },
    ...workers,
  ])

/** Beside this file in the sources; above it in the bundle, whose chunks have a folder of their own. */
const entry = import.meta.url.endsWith(".ts")
  ? new URL("./worker.ts", import.meta.url)
  : new URL("../worker.js", import.meta.url)

interface Beside {
  readonly port: Worker
  /** Dies when the thread does. */
  readonly crash: Deferred.Deferred<never>
}

const beside: Effect.Effect<Beside, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => {
    const port = new Worker(entry)
    const crash = Deferred.makeUnsafe<never>()
    const die = (error: unknown): void => {
      Deferred.doneUnsafe(crash, Effect.die(error))
    }
    port.on("error", die)
    port.on("exit", (code) => die(new Error(`a worker thread ended by itself, with code ${code}`)))
    return { port, crash }
  }),
  ({ port }) => Effect.promise(() => port.terminate()),
)

const worker: Effect.Effect<Thread, never, Scope.Scope> = Effect.map(beside, (one) => ({
  isHere: false,
  run: (kind, payload, progress) => ask(one, kind, payload, progress),
}))

const ask = <Kind extends JobKind>(
  { port, crash }: Beside,
  kind: Kind,
  payload: PayloadOf<Kind>,
  progress: ReadProgress,
): Effect.Effect<ResultOf<Kind>, BadTrace> => {
  const answer = Effect.callback<ResultOf<Kind>, BadTrace>((resume) => {
    const onMessage = (message: Message): void => {
      switch (message._tag) {
        case "Rows":
          progress.rows += message.rowCount
          return
        case "Done":
          return resume(Effect.succeed(message.result as ResultOf<Kind>))
        case "Refused":
          return resume(Effect.fail(refusal(message.facts)))
        case "Crashed":
          return resume(Effect.die(new Error(`a worker's job failed: ${message.report}`)))
      }
    }
    port.on("message", onMessage)
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- this is no window
    port.postMessage({ kind, payload })
  })
  const forget = Effect.sync(() => port.removeAllListeners("message"))
  return Effect.ensuring(Effect.raceFirst(answer, Deferred.await(crash)), forget)
}
