/** The edges of the process that Effect does not see: closed pipes, stray exceptions, the second Ctrl-C. */
import { BadOutput, reasonOf } from "../domain/errors.ts"
import { exits } from "./exit.ts"
import { bugReport, complaint } from "./present.ts"

/** A signal that comes twice within this time is one: a terminal sends it to the launcher and to its child. */
const sameSignalMs = 300

let received: NodeJS.Signals | undefined

/** The signal that asked this process to stop, if one did. */
export const receivedSignal = (): NodeJS.Signals | undefined => received

/** Installs the guards. The exit code of a finding survives `| head`: a closed pipe only stops the printing. */
export function guardProcess(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", onOutputError)
  process.on("uncaughtException", onStray)
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal)
}

function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") return
  const { message } = new BadOutput({ what: "the output", reason: reasonOf(error) })
  process.stderr.write(`${complaint(message)}\n`)
  process.exit(exits.unwritable.code)
}

function onStray(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${bugReport(text)}\n`)
  process.exit(exits.bug.code)
}

let receivedAtMs = 0

/** The first signal interrupts the program (runMain does it) and lets it clean up; a second one does not wait. */
function onSignal(signal: NodeJS.Signals): void {
  const nowMs = performance.now()
  if (received === undefined) {
    received = signal
    receivedAtMs = nowMs
  } else if (nowMs - receivedAtMs > sameSignalMs) {
    process.exit(signal === "SIGTERM" ? 143 : exits.interrupted.code)
  }
}

/** Calls back when all that was printed has left the process: ending it at once would cut what a pipe has not taken yet. */
export function whenPrinted(done: () => void): void {
  const { stdout } = process
  if (stdout.destroyed || stdout.writableLength === 0) done()
  else stdout.write("", () => done())
}
