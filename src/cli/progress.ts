/** A line on standard error that tells how far a long run is. Nothing is printed where nobody watches. */
import { Clock, Effect, Fiber } from "effect"
import { inert } from "../domain/text.ts"

/** What a run has done so far. The loop that works writes it, in place; whoever draws only looks. */
export interface Counter {
  label: string
  rows: number
  bytes: number
  /** 0 where it is not known: standard input, or compressed data whose size says little. */
  totalBytes: number
}

/** Where the line goes; `process.stderr` is one. */
export interface ProgressOutput {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly write: (text: string) => unknown
}

const quietMs = 1000
const intervalMs = 100
const clearLine = "\r\x1b[K"

export function counter(label: string, totalBytes = 0): Counter {
  return { label, rows: 0, bytes: 0, totalBytes }
}

/**
 * Runs the effect, and from its second second on shows the counter, ten times a second, until the effect ends; the line
 * is then cleared. A synchronous loop must `yield* Effect.yieldNow` between its batches, or nothing can be drawn.
 * `sinceMs`: when the run began, if this effect is only a part of it.
 */
export function withProgress<A, E, R>(
  progress: Readonly<Counter>,
  effect: Effect.Effect<A, E, R>,
  output: ProgressOutput = process.stderr,
  sinceMs?: number,
): Effect.Effect<A, E, R> {
  if (output.isTTY !== true) return effect
  return Effect.gen(function* () {
    const nowMs = yield* Clock.currentTimeMillis
    const startMs = sinceMs ?? nowMs
    const delayMs = Math.max(0, quietMs - (nowMs - startMs))
    let drawn = false
    const draw = Effect.map(Clock.currentTimeMillis, (drawnMs) => {
      drawn = true
      output.write(clearLine + progressLine(progress, drawnMs - startMs, output.columns || 80))
    })
    const drawing = draw.pipe(Effect.andThen(Effect.sleep(intervalMs)), Effect.forever, Effect.delay(delayMs))
    const fiber = yield* Effect.forkChild(drawing)
    const stop = Effect.andThen(
      Fiber.interrupt(fiber),
      Effect.sync(() => {
        if (drawn) output.write(clearLine)
      }),
    )
    return yield* Effect.ensuring(effect, stop)
  })
}

/** Makes room for other texts on the terminal; the line comes again. */
export function clearProgress(output: ProgressOutput): void {
  if (output.isTTY === true) output.write(clearLine)
}

/** Thousands apart. Not toLocaleString: its first call takes 14 ms. */
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",")
}

/** The line itself, never as wide as the terminal: a line that wraps cannot be cleared. */
export function progressLine(progress: Readonly<Counter>, elapsedMs: number, columns: number): string {
  const seconds = elapsedMs / 1000
  const facts = [
    `${grouped(progress.rows)} rows`,
    `${(progress.rows / Math.max(seconds, 0.001) / 1e6).toFixed(2)} M rows/s`,
    `${seconds.toFixed(1)} s`,
  ]
  if (progress.totalBytes > 0) {
    const part = Math.min(1, progress.bytes / progress.totalBytes)
    facts.push(`${Math.floor(part * 100)} %`)
  }
  const tail = facts.join("  ")
  const room = Math.max(0, columns - 1 - tail.length - 2)
  const label = Array.from(inert(progress.label))
  const shown = label.length <= room ? label.join("") : room > 1 ? `…${label.slice(1 - room).join("")}` : ""
  return `${shown}  ${tail}`.trimStart().slice(0, columns - 1)
}
