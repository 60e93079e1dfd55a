import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { diff } from "../src/analysis/diff.ts"
import { sweep } from "../src/analysis/sweep.ts"
import { tape } from "../src/analysis/tape.ts"
import { choose, isChoiceFailure, type Choice } from "../src/semantics/semantics.ts"
import { readTrace } from "../src/traces/read.ts"

const chosen = (name: string): Choice => {
  const choice = choose(name)
  if (isChoiceFailure(choice)) throw new Error(choice._tag)
  return choice
}
const [before, after] = [chosen("1.7-pre-fix"), chosen("1.7-post-fix")]
const open = (name: string) => readTrace(new URL(`../traces/${name}.csv.gz`, import.meta.url).pathname)

const swept = (name: string, limits: ReadonlyArray<number>, reserves: ReadonlyArray<number>) =>
  Effect.flatMap(tape(open(name)), (whole) =>
    sweep(whole, { limits, reserves, choices: [before, after] }, "wakediff sweep"),
  )

it.effect("the cell with the recorded settings is the recording", () =>
  Effect.gen(function* () {
    const run = yield* swept("postfix-reserve-4", [8], [4])
    const difference = yield* diff(open("postfix-reserve-4"))
    const [pre, post] = run.cells
    assert.strictEqual(post?.fidelity, 1)
    assert.strictEqual(post?.herd, 107)
    assert.strictEqual(post?.wakes, 141)
    assert.strictEqual(pre?.wakes, difference.from.wakes.total)
    assert.strictEqual(pre?.fidelity, difference.from.fidelity)
  }),
)

it.effect("the starvation of the SPOE applets ends with one buffer more, and with the fix", () =>
  Effect.gen(function* () {
    const run = yield* swept("haproxy-1.7.0-spoe-starvation", [9, 10, 11, 12], [2])
    const of = (semantics: string) => run.thresholds.find((threshold) => threshold.semantics === semantics)
    assert.strictEqual(of("1.7-pre-fix")?.withoutStarvation, 11)
    assert.strictEqual(of("1.7-post-fix")?.withoutStarvation, 9)
    const starved = run.cells.find(({ semantics, limit }) => semantics === "1.7-pre-fix" && limit === 10)
    assert.strictEqual(starved?.starved, 4)
  }),
)

it.effect("a herd needs a reserve of 4, and no limit at all is the largest one", () =>
  Effect.gen(function* () {
    const run = yield* swept("haproxy-1.7.0-stats-page", [5, 0], [2, 4])
    const herd = (semantics: string, reserve: number, limit: number) =>
      run.cells.find(
        (cell) => cell.semantics === semantics && cell.reserve === reserve && cell.limit === limit,
      )?.herd
    assert.strictEqual(herd("1.7-post-fix", 2, 5), 0)
    assert.isAbove(herd("1.7-post-fix", 4, 5) ?? 0, 0)
    assert.strictEqual(herd("1.7-pre-fix", 4, 5), 0)
    for (const { withoutWaits } of run.thresholds) assert.strictEqual(withoutWaits, 0)
  }),
)
