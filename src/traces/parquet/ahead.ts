import { Worker } from "node:worker_threads"
import type { RowGroup } from "./footer.ts"
import type { RawGroup } from "./group-reader.ts"

/** What a reading thread is told when it starts. */
export interface AheadTask {
  /** Of the open file: descriptors are the process's, not a thread's. */
  readonly descriptor: number
  readonly groups: ReadonlyArray<RowGroup>
}

/** What it says of each row group, in their order. */
export type AheadMessage =
  | RawGroup
  | {
      readonly problem: {
        readonly expected: string
        readonly found: string
        readonly advice: string
      }
    }

export interface ReadingThread {
  /**
   * The next row group; to be asked for one after the other. Rejects where the thread dies, which is a bug. `used`: memory of a row group
   * that nobody needs any more.
   */
  readonly next: (used?: ArrayBuffer) => Promise<AheadMessage>
  readonly close: () => Promise<void>
}

/** How many row groups are read that nobody has asked for yet; each takes 3 MB. With one, the threads wait for each other a quarter of their time. */
const aheadCount = 3

/** Beside this file in the sources; beside the library's bundle; above the chunks of the command's. */
const entry = new URL(
  import.meta.url.endsWith(".ts")
    ? "./ahead-worker.ts"
    : import.meta.url.endsWith("/index.js")
      ? "./ahead-worker.js"
      : "../ahead-worker.js",
  import.meta.url,
)

/** Its heap holds next to nothing: without a bound, garbage of 20 MB would lie in it. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 }

export const readingThread = (task: AheadTask): ReadingThread => {
  const worker = new Worker(entry, { workerData: task, resourceLimits })
  const ready: Array<AheadMessage> = []
  let death: Error | undefined
  /** Who waits for a message. */
  let serve = nobody
  const ask = (used?: ArrayBuffer): void => worker.postMessage(used, used === undefined ? [] : [used])
  const die = (error: Error): void => {
    death ??= error
    serve()
  }
  worker.on("message", (message: AheadMessage) => {
    ready.push(message)
    serve()
  })
  worker.on("error", die)
  worker.on("exit", (code) => die(new Error(`the reading thread ended by itself, with code ${code}`)))
  for (let i = 0; i < aheadCount; i++) ask()
  return {
    next: (used) =>
      new Promise((resolve, reject) => {
        serve = () => {
          const message = ready.shift()
          if (message === undefined && death === undefined) return
          serve = nobody
          if (message === undefined) return reject(death)
          ask(used)
          resolve(message)
        }
        serve()
      }),
    close: async () => {
      await worker.terminate()
    },
  }
}

const nobody = (): void => {}
