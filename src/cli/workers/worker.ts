/** The entry of a worker thread: it does one job after the other, as the main thread asks. */
import { parentPort } from "node:worker_threads"
import { Cause, Effect, Exit } from "effect"
import { BadTrace } from "../../domain/errors.ts"
import { factsOf, runJob, type Message, type Request } from "./jobs.ts"

const intervalMs = 100

// eslint-disable-next-line unicorn/require-post-message-target-origin -- this is no window
const say = (message: Message): void => parentPort!.postMessage(message)

const work = async ({ kind, payload }: Request): Promise<void> => {
  const progress = { rows: 0, bytes: 0, totalBytes: 0 }
  let toldRows = 0
  const tell = (): void => {
    if (progress.rows > toldRows) say({ _tag: "Rows", rowCount: progress.rows - toldRows })
    toldRows = progress.rows
  }
  const timer = setInterval(tell, intervalMs)
  const exit = await Effect.runPromiseExit(runJob(kind, payload, progress))
  clearInterval(timer)
  tell()
  say(messageOf(exit))
}

const messageOf = (exit: Exit.Exit<unknown, BadTrace>): Message => {
  if (Exit.isSuccess(exit)) return { _tag: "Done", result: exit.value }
  const error = Cause.squash(exit.cause)
  return error instanceof BadTrace
    ? { _tag: "Refused", facts: factsOf(error) }
    : { _tag: "Crashed", report: Cause.pretty(exit.cause) }
}

parentPort!.on("message", work)
