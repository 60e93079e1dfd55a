import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync, readdirSync } from "node:fs"
import { diff } from "../src/analysis/diff.ts"
import { verify } from "../src/analysis/verify.ts"
import { choose, isChoiceFailure } from "../src/semantics/semantics.ts"
import { readTrace } from "../src/traces/read.ts"

/** What a fixture's expected.json says: counts that are not there are 0. */
interface Expected {
  readonly semantics: string
  readonly undefined: unknown
  readonly diff: {
    readonly waits: Readonly<Record<"from" | "to" | "changes", Readonly<Record<string, number>>>>
    readonly wakes: Readonly<Record<"from" | "to", Readonly<Record<string, number>>>>
  }
}

const folder = new URL("../fixtures/", import.meta.url).pathname
const fixtures = readdirSync(folder).filter((name) => existsSync(`${folder}${name}/trace.csv`))

const present = (counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0))

describe.each(fixtures)("fixtures/%s", (name) => {
  const expected: Expected = JSON.parse(readFileSync(`${folder}${name}/expected.json`, "utf8"))
  const trace = () => readTrace(`${folder}${name}/trace.csv`)

  it.effect(`conforms to ${expected.semantics}`, () =>
    Effect.gen(function* () {
      const choice = choose(expected.semantics)
      assert.isFalse(isChoiceFailure(choice))
      if (isChoiceFailure(choice)) return
      const result = yield* verify(trace(), choice)
      assert.strictEqual(result.deviationCount, 0, JSON.stringify(result.first))
      assert.deepStrictEqual(result.undefined, expected.undefined)
    }),
  )

  it.effect("has the waits and wakes that its story tells", () =>
    Effect.gen(function* () {
      const result = yield* diff(trace())
      assert.deepStrictEqual(
        {
          waits: {
            from: present(result.waits.from),
            to: present(result.waits.to),
            changes: present(result.waits.changes),
          },
          wakes: { from: present(result.from.wakes), to: present(result.to.wakes) },
        },
        expected.diff,
      )
    }),
  )
})
