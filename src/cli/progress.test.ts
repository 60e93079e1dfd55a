import { expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { counter, progressLine, type ProgressOutput, withProgress } from "./progress.ts"

const recorder = (isTTY: boolean) => {
  const written: Array<string> = []
  const output: ProgressOutput = { isTTY, columns: 80, write: (text) => written.push(text) }
  return { written, output }
}

it.effect("says nothing in the first second, then ten times a second, and clears its line", () =>
  Effect.gen(function* () {
    const { written, output } = recorder(true)
    const progress = counter("a.csv", 200)
    const fiber = yield* Effect.forkChild(withProgress(progress, Effect.sleep("2 seconds"), output))
    yield* TestClock.adjust("999 millis")
    expect(written).toEqual([])
    progress.rows = 3_000_000
    progress.bytes = 50
    yield* TestClock.adjust("1 millis")
    expect(written).toEqual(["\r\x1b[Ka.csv  3,000,000 rows  3.00 M rows/s  1.0 s  25 %"])
    yield* TestClock.adjust("500 millis")
    expect(written.length).toBe(6)
    yield* TestClock.adjust("500 millis")
    yield* Fiber.join(fiber)
    expect(written.at(-1)).toBe("\r\x1b[K")
  }),
)

it.effect("is silent where nobody watches, and after a short run", () =>
  Effect.gen(function* () {
    const file = recorder(false)
    const fiber = yield* Effect.forkChild(withProgress(counter("x"), Effect.sleep("5 seconds"), file.output))
    yield* TestClock.adjust("5 seconds")
    yield* Fiber.join(fiber)
    const short = recorder(true)
    expect(yield* withProgress(counter("x"), Effect.succeed(7), short.output)).toBe(7)
    expect([...file.written, ...short.written]).toEqual([])
  }),
)

it.live("draws while a loop of synchronous batches yields between them", () =>
  Effect.gen(function* () {
    const { written, output } = recorder(true)
    const progress = counter("loop")
    const endMs = performance.now() + 1300
    const loop = Effect.gen(function* () {
      while (performance.now() < endMs) {
        progress.rows += 1000
        const batchEndMs = performance.now() + 5
        while (performance.now() < batchEndMs);
        yield* Effect.yieldNow
      }
    })
    yield* withProgress(progress, loop, output)
    expect(written.length).toBeGreaterThan(1)
    expect(written.at(-1)).toBe("\r\x1b[K")
  }),
)

it("never fills the terminal's width, and keeps the end of a long label", () => {
  for (const columns of [10, 40, 60, 200]) {
    const line = progressLine({ ...counter(`${"x".repeat(90)}.csv`), rows: 5 }, 1500, columns)
    expect(line.length).toBeLessThan(columns)
  }
  expect(progressLine(counter(`${"x".repeat(90)}.csv`), 1500, 60)).toContain("….csv".slice(1))
})
