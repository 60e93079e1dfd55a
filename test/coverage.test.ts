import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Coverage, covers } from "../src/analysis/coverage.ts"
import { parts } from "../src/semantics/registry.ts"
import { readTrace } from "../src/traces/read.ts"

const open = (name: string) => readTrace(new URL(`../traces/${name}.csv.gz`, import.meta.url).pathname)

it.effect("says what a corpus exercises, and where first", () =>
  Effect.gen(function* () {
    const corpus = new Coverage()
    const crash = yield* covers(open("haproxy-1.7.0-spoe-crash"))
    const reserve = yield* covers(open("postfix-reserve-4"))
    for (const one of [crash, reserve]) corpus.add(one)
    assert.deepStrictEqual(
      [crash, reserve].map(({ run: { semantics, firstDeviationRow } }) => [semantics, firstDeviationRow]),
      [
        ["1.7-pre-fix", null],
        ["1.7-post-fix", null],
      ],
    )
    const item = (group: string, name: string) =>
      corpus.items.find((one) => one.group === group && one.name === name)
    assert.strictEqual(item("part", "spoe-waiter")?.first?.row, 11758)
    assert.strictEqual(item("part", "spoe-waiter")?.traces, 1)
    assert.strictEqual(item("alloc", "work")?.traces, 2)
    assert.include(item("wake class", "herd")?.first?.trace, "postfix-reserve-4")
    assert.isNull(item("release", "spoe_timeout")?.first)
    assert.isNull(item("alloc", "lua")?.first)
  }),
)

it("knows every part of the fix, and what would reach it", () => {
  const { items } = new Coverage()
  const names = items.filter(({ group }) => group === "part").map(({ name }) => name)
  assert.deepStrictEqual(
    names,
    parts.map(({ name }) => name),
  )
  for (const { workload } of items) assert.isAbove(workload.length, 5)
})
