/** Several threads for jobs that keep a processor busy. */
import { Worker } from "node:worker_threads"
import { Deferred, Effect, Pool, type Scope } from "effect"
import type { BadTrace } from "../../domain/errors.ts"
import type { ReadProgress } from "../../domain/progress.ts"
import { refusal, runJob, type JobKind, type Message, type PayloadOf, type ResultOf } from "./jobs.ts"

export interface JobPool {
  /** How many jobs are done at a time. */
  readonly size: number
  /** Does a job when a thread is free. Its rows are added to `progress`. What crashes a thread is a defect here. */
  readonly run: <Kind extends JobKind>(
    kind: Kind,
    payload: PayloadOf<Kind>,
    progress: ReadProgress,
  ) => Effect.Effect<ResultOf<Kind>, BadTrace>
}

/** Threads for as long as the scope lasts; they end with it at once, whatever they do. Of the size 1, it is this thread. */
export const openPool = (size: number): Effect.Effect<JobPool, never, Scope.Scope> =>
  size === 1
    ? Effect.succeed({ size, run: runJob })
    : Effect.map(Pool.make({ acquire: thread, size }), (pool) => ({
        size,
        run: (kind, payload, progress) =>
          Effect.scoped(Effect.flatMap(Pool.get(pool), (one) => ask(one, kind, payload, progress))),
      }))

/** Beside this file in the sources; above it in the bundle, whose chunks have a folder of their own. */
const entry = import.meta.url.endsWith(".ts")
  ? new URL("./worker.ts", import.meta.url)
  : new URL("../worker.js", import.meta.url)

interface Thread {
  readonly worker: Worker
  /** Dies when the thread does. */
  readonly crash: Deferred.Deferred<never>
}

const thread: Effect.Effect<Thread, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => {
    const worker = new Worker(entry)
    const crash = Deferred.makeUnsafe<never>()
    const die = (error: unknown): void => {
      Deferred.doneUnsafe(crash, Effect.die(error))
    }
    worker.on("error", die)
    worker.on("exit", (code) => die(new Error(`a worker thread ended by itself, with code ${code}`)))
    return { worker, crash }
  }),
  ({ worker }) => Effect.promise(() => worker.terminate()),
)

const ask = <Kind extends JobKind>(
  { worker, crash }: Thread,
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
    worker.on("message", onMessage)
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- this is no window
    worker.postMessage({ kind, payload })
  })
  const forget = Effect.sync(() => worker.removeAllListeners("message"))
  return Effect.ensuring(Effect.raceFirst(answer, Deferred.await(crash)), forget)
}
