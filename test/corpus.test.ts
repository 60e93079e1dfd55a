import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import { readFileSync, readdirSync } from "node:fs"
import { diff } from "../src/analysis/diff.ts"
import { verify } from "../src/analysis/verify.ts"
import type { RowBatch } from "../src/domain/batch.ts"
import type { BadTrace } from "../src/domain/errors.ts"
import { Event } from "../src/domain/vocabulary.ts"
import { choose, isChoiceFailure, opposite, semanticsNames, type Choice } from "../src/semantics/semantics.ts"
import { readTrace } from "../src/traces/read.ts"

interface Expected {
  readonly sha256: string
  readonly rows: number
  readonly semantics: string
  readonly without: ReadonlyArray<string>
  readonly verdict: string
  readonly undefined: unknown
  readonly opposite: string
}

const folder = new URL("../traces/", import.meta.url).pathname
const expected: Readonly<Record<string, Expected>> = JSON.parse(
  readFileSync(`${folder}expected.json`, "utf8"),
).traces
const traces = Object.entries(expected)

const chosen = (name: string, without: ReadonlyArray<string> = []): Choice => {
  const choice = choose(name, without)
  if (isChoiceFailure(choice)) throw new Error(`expected.json: ${choice._tag}`)
  return choice
}

/** Each trace is read once; the replays share its batches. */
const read = new Map<string, ReadonlyArray<RowBatch>>()
const open = (name: string): Stream.Stream<RowBatch, BadTrace> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const batches = read.get(name) ?? (yield* Stream.runCollect(readTrace(folder + name)))
      read.set(name, batches)
      return Stream.fromIterable(batches)
    }),
  )
const verified = (name: string, choice: Choice) => verify(open(name), choice)
const diffed = (name: string, from: Choice, to: Choice) => diff(open(name), { from, to })

it("expected.json speaks of every trace, and of no other", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".csv.gz"))
  assert.deepStrictEqual(Object.keys(expected).toSorted(), files.toSorted())
})

describe.each(traces)("%s", (name, trace) => {
  const own = chosen(trace.semantics, trace.without)

  it("is the recording that expected.json speaks of", () => {
    const hash = createHash("sha256").update(readFileSync(folder + name))
    assert.strictEqual(hash.digest("hex"), trace.sha256)
  })

  it.effect(`conforms to ${trace.semantics}`, () =>
    Effect.gen(function* () {
      const result = yield* verified(name, own)
      assert.strictEqual(result.deviationCount, 0, JSON.stringify(result.first))
      assert.strictEqual(result.verdict, trace.verdict)
      assert.deepStrictEqual(result.undefined, trace.undefined)
      assert.strictEqual(result.rowCount, trace.rows)
      assert.notInclude(Object.values(result.parts), "contradicted")
      assert.include(Object.values(result.parts), "confirmed")
    }),
  )

  it.effect("deviates from the opposite semantics, and a part less or more", () =>
    Effect.gen(function* () {
      for (const other of [chosen(trace.opposite), opposite(own)]) {
        const result = yield* verified(name, other)
        assert.strictEqual(result.verdict, "deviates")
        assert.isAbove(result.deviationCount, 0)
        assert.isNotNull(result.first)
      }
      if (trace.without.length === 0) return
      const whole = yield* verified(name, chosen(trace.semantics))
      assert.strictEqual(whole.verdict, "deviates")
      for (const part of trace.without) assert.strictEqual(whole.parts[part], "contradicted")
    }),
  )

  it.effect("is what it says that it is, under every semantics", () =>
    Effect.gen(function* () {
      for (const semantics of semanticsNames) {
        const result = yield* verified(name, chosen(semantics))
        // The branches differ in which parts they have, not in what a part means.
        const same = chosen(semantics).after === own.after
        assert.strictEqual(result.verdict, same ? "conforms" : "deviates", semantics)
      }
    }),
  )

  it.effect("replays as recorded under its own semantics", () =>
    Effect.gen(function* () {
      const result = yield* diffed(name, own, own)
      assert.strictEqual(result.from.fidelity, 1)
      assert.strictEqual(result.to.fidelity, 1)
      assert.strictEqual(
        result.waits.changes.same,
        Object.values(result.waits.changes).reduce((sum, n) => sum + n, 0),
      )
      const wakes = yield* open(name).pipe(
        Stream.runFold(
          () => 0,
          (count, batch) =>
            count + batch.event.subarray(0, batch.rowCount).filter((event) => event === Event.wake).length,
        ),
      )
      assert.strictEqual(result.from.wakes.total, wakes)
    }),
  )
})

describe("what the recordings are known for", () => {
  it.effect(
    "haproxy-1.7.0-spoe-starvation: parked applets starve before the fix, with their streams, and not after it",
    () =>
      Effect.gen(function* () {
        const result = yield* diffed(
          "haproxy-1.7.0-spoe-starvation.csv.gz",
          chosen("1.7-pre-fix"),
          chosen("1.7-post-fix"),
        )
        const starved = result.changed.filter(({ from }) => from?.ending === "starved")
        // Requester, applet and the stream that is queued in its stead.
        const who = starved.map(({ from }) => `${from?.requester} ${from?.appletName} ${from?.waiter}`)
        assert.deepStrictEqual(who.toSorted(), [
          "a13 <SPOE> s32",
          "a14 <PEER> s98",
          "a2 <SPOE> s3",
          "a4 <SPOE> s10",
        ])
        assert.strictEqual(result.waits.to.starved, 0)
        assert.strictEqual(result.waits.to.undefined, 0)
      }),
  )

  it.effect("postfix-reserve-4: 107 of the 141 recorded wakes are a herd", () =>
    Effect.gen(function* () {
      const result = yield* diffed("postfix-reserve-4.csv.gz", chosen("1.7-pre-fix"), chosen("1.7-post-fix"))
      assert.strictEqual(result.to.fidelity, 1)
      assert.strictEqual(result.to.wakes.total, 141)
      assert.strictEqual(result.to.wakes.herd, 107)
      assert.strictEqual(result.from.wakes.herd, 0)
    }),
  )

  it.effect("postfix-spoe-mixed: each of the 16 waits of an applet ends", () =>
    Effect.gen(function* () {
      const result = yield* diffed("postfix-spoe-mixed.csv.gz", chosen("1.7-pre-fix"), chosen("1.7-post-fix"))
      const { to } = result.byKind.applet
      assert.strictEqual(to["served directly"] + to["served otherwise"], 16)
      assert.strictEqual(to.starved + to.pending, 0)
    }),
  )

  it.effect("haproxy-1.7.0-spoe-crash: what waits ends undefined before the fix", () =>
    Effect.gen(function* () {
      const result = yield* diffed(
        "haproxy-1.7.0-spoe-crash.csv.gz",
        chosen("1.7-pre-fix"),
        chosen("1.7-post-fix"),
      )
      assert.isAbove(result.waits.from.undefined, 0)
      assert.strictEqual(result.waits.to.undefined, 0)
    }),
  )
})
