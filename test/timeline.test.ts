/** The timeline: that it says what the diff, the recording and `explain` say, and what it costs at most. */
import { assert, describe, expect, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { Diff, choicesOf, diff, type Difference } from "../src/analysis/diff.ts"
import { explain } from "../src/analysis/explain/explain.ts"
import type { Tape } from "../src/analysis/tape.ts"
import { defaultBounds, type Bounds } from "../src/analysis/timeline/bounds.ts"
import { withChains } from "../src/analysis/timeline/chains.ts"
import { recorded, recordedAfter } from "../src/analysis/timeline/recorded.ts"
import { TimelineRecorder, type Choices } from "../src/analysis/timeline/recorder.ts"
import type { RowBatch, TraceHead } from "../src/domain/batch.ts"
import { Timeline, type Lane } from "../src/domain/documents/timeline.ts"
import { preambleValue } from "../src/domain/preamble.ts"
import { isOutcome } from "../src/domain/row-forms.ts"
import { Event } from "../src/domain/vocabulary.ts"
import { endingNames, wakeClasses, type Wait } from "../src/domain/wait.ts"
import { branchOf, choiceOf, choose, isChoiceFailure, type Choice } from "../src/semantics/semantics.ts"
import { recording, wakediff } from "./support/command.ts"
import { generate } from "./support/generate.ts"
import { Random } from "./support/random.ts"
import { decode, part, recordings } from "./support/replaying.ts"

const commands = (words: ReadonlyArray<string>): string => words.join(" ")
const theFix = (head: TraceHead): Choices => choicesOf(head, {})

const timelineOf = (
  batches: Iterable<RowBatch>,
  choices: (head: TraceHead) => Choices = theFix,
  bounds: Partial<Bounds> = {},
): Timeline => {
  const recorder = new TimelineRecorder({ choices, explaining: commands, bounds })
  for (const batch of batches) recorder.push(batch)
  return recorder.finish()
}
const diffOf = (batches: Iterable<RowBatch>): Difference => {
  const difference = new Diff({ keep: 100_000 })
  for (const batch of batches) difference.push(batch)
  return difference.finish()
}
const tapeOf = (batches: ReadonlyArray<RowBatch>): Tape => ({
  head: batches[0]!.head,
  batches,
  rowCount: batches.reduce((sum, { rowCount }) => sum + rowCount, 0),
})
const count = <A>(all: ReadonlyArray<A>, is: (one: A) => boolean): number => all.filter(is).length
const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((total, number) => total + number, 0)

type Placed = Pick<Wait, "requester" | "buffer" | "beginRow" | "endRow">
const place = (wait: Placed | undefined): string =>
  wait === undefined ? "none" : `${wait.requester} ${wait.buffer} ${wait.beginRow} ${wait.endRow}`

const nothingLeftOut = { waits: 0, offers: 0, wakes: 0, chains: 0 }

describe.each(recordings)("$name", ({ name, after, bytes }) => {
  const batches = [...decode(bytes())]
  const tape = tapeOf(batches)
  const choices = theFix(tape.head)
  const timeline = withChains(timelineOf(batches), tape, choices)

  it("has nothing left out, keeps its schema, and is small", () => {
    for (const { leftOut, pool } of timeline.lanes) {
      expect(leftOut).toEqual(nothingLeftOut)
      expect(pool.stride).toBe(1)
    }
    const text = JSON.stringify(timeline)
    expect(text.length).toBeLessThan(3_000_000)
    const decoded = Schema.decodeUnknownSync(Timeline)(JSON.parse(text), { onExcessProperty: "error" })
    expect(decoded).toEqual(timeline)
  })

  it("says what the diff says", () => {
    const difference = diffOf(batches)
    for (const [at, side] of (["from", "to"] as const).entries()) {
      const { waits, wakes, offers, fidelity, firstDepartureRow } = timeline.lanes[at]!
      expect(fidelity).toBe(difference[side].fidelity)
      expect(firstDepartureRow).toBe(difference[side].departures.firstRow)
      for (const ending of endingNames)
        expect(
          count(waits, (wait) => wait.ending === ending),
          ending,
        ).toBe(difference.waits[side][ending])
      expect(wakes.row.length).toBe(difference[side].wakes.total)
      expect(sum(offers.woken)).toBe(difference[side].wakes.total)
      for (const [bit, { name: wakeClass }] of wakeClasses.entries())
        expect(count(wakes.classes, (classes) => (classes & (1 << bit)) !== 0)).toBe(
          difference[side].wakes[wakeClass],
        )
    }
    const [from, to] = timeline.lanes as readonly [Lane, Lane]
    const pairs = [
      ...from.waits.map((wait) => ({
        change: wait.change,
        from: wait,
        to: wait.other === null ? undefined : to.waits[wait.other],
      })),
      ...to.waits
        .filter(({ other }) => other === null)
        .map((wait) => ({ change: wait.change, from: undefined, to: wait })),
    ]
    for (const [at, wait] of to.waits.entries())
      if (wait.other !== null) expect(from.waits[wait.other]?.other).toBe(at)
    const changed = pairs.filter(({ change }) => change !== "same")
    expect(
      changed.map((pair) => `${pair.change}: ${place(pair.from)}, ${place(pair.to)}`).toSorted(),
    ).toEqual(
      difference.changed.map((pair) => `${pair.change}: ${place(pair.from)}, ${place(pair.to)}`).toSorted(),
    )
    expect(count(pairs, ({ change }) => change === "same")).toBe(difference.waits.changes.same)
  })

  it("has the pool's counters and the queue's length as the recording observed them", () => {
    const branch = branchOf(preambleValue(tape.head.preamble, "haproxy"))
    const made = timelineOf(batches, () => [choiceOf(branch, after)])
    expect(made.lanes[0]!.firstDepartureRow).toBeNull()
    expect(observedOtherwise(made.lanes[0]!, batches)).toEqual([])
  })

  it("tells the chains that explain tells", () => {
    const lanes = timeline.lanes.flatMap(({ waits }, lane) =>
      waits.map((wait) => ({ wait, choice: choices[lane]! })),
    )
    const every = Math.ceil(lanes.length / 6)
    for (const { wait, choice } of lanes.filter((_, at) => at % every === 0)) {
      const told = explain(tape, { which: { by: "wait", number: wait.number }, under: choice })
      if ("_tag" in told) throw told
      const shown = told.events.map(({ row, timeUs, kind, text, count: many, last }) => ({
        row,
        timeUs,
        kind,
        text,
        ...(many === undefined ? {} : { count: many }),
        ...(last === undefined ? {} : { lastRow: last.row }),
      }))
      expect(wait.chain?.map(({ own: _own, ...event }) => event)).toEqual(shown)
      expect(wait.chain?.at(0)?.own).toBe(true)
      expect(wait.chain?.at(-1)).toMatchObject({ kind: "end", own: true })
      expect(told.wait).toMatchObject({ requester: wait.requester, endRow: wait.endRow, ending: wait.ending })
    }
  })

  it("ends undefined where the recording died", () => {
    const died = count(timeline.lanes[0]!.waits, ({ ending }) => ending === "undefined")
    expect(died > 0).toBe(name.includes("crash"))
  })
})

/** The rows at which a lane's curves are not what the recording says; the first few. */
const observedOtherwise = ({ pool }: Lane, batches: ReadonlyArray<RowBatch>): ReadonlyArray<number> => {
  const wrong: Array<number> = []
  let [at, queueLength] = [-1, 0]
  for (const batch of batches) {
    for (let i = 0; i < batch.rowCount && wrong.length < 5; i++) {
      const row = batch.firstRow + i
      const event = batch.event[i]!
      // Outcome rows belong to the input row before them.
      if (event === Event.enqueue) queueLength++
      if (event === Event.dequeue || event === Event.wake) queueLength--
      const nextIsOutcome = i + 1 < batch.rowCount && isOutcome(batch.event[i + 1]!, batch.site[i + 1]!)
      while (at + 1 < pool.row.length && pool.row[at + 1]! <= row) at++
      const isAlloc = event === Event.alloc
      if (isAlloc && (pool.used[at] !== batch.used[i] || pool.allocated[at] !== batch.allocated[i]))
        wrong.push(row)
      if (!nextIsOutcome && i + 1 < batch.rowCount && pool.queueLength[at] !== queueLength) wrong.push(row)
    }
  }
  return wrong
}

const generated = (seed: number, rowCount: number, batchRowCount = 64): ReadonlyArray<RowBatch> => [
  ...generate({
    seed,
    after: seed % 2 === 0 ? 0 : 0xffff,
    rowCount,
    limit: 4,
    clientCount: 12,
    batchRowCount,
  }).batches,
]
const cut = (batches: ReadonlyArray<RowBatch>, random: Random): ReadonlyArray<RowBatch> =>
  batches.flatMap((batch) => {
    const pieces: Array<RowBatch> = []
    for (let from = 0; from < batch.rowCount;) {
      const to = Math.min(batch.rowCount, from + 1 + random.below(7))
      pieces.push(part(batch, from, to))
      from = to
    }
    return batch.rowCount === 0 ? [batch] : pieces
  })

const narrow = { poolPoints: 32, offers: 16, wakes: 20, waits: 10, chains: 4 }

describe("whatever the trace", () => {
  it.each([1, 2, 3, 4, 5, 6])("the cut into batches changes nothing (seed %i)", (seed) => {
    const batches = generated(seed, 6000)
    for (const bounds of [{}, narrow]) {
      const whole = timelineOf(batches, theFix, bounds)
      expect(timelineOf(cut(batches, new Random(seed)), theFix, bounds)).toEqual(whole)
    }
  })

  it.each([1, 2, 3])(
    "no more is kept than the bounds say, and what is left out is counted (seed %i)",
    (seed) => {
      const batches = generated(seed, 20_000)
      const all = timelineOf(batches, theFix, { poolPoints: 1e6, offers: 1e6, wakes: 1e6, waits: 1e6 })
      const some = timelineOf(batches, theFix, narrow)
      for (const [at, lane] of some.lanes.entries()) {
        const whole = all.lanes[at]!
        assert.isAbove(whole.offers.row.length, narrow.offers)
        assert.isAtMost(lane.pool.row.length, narrow.poolPoints)
        assert.isAtMost(lane.offers.row.length, narrow.offers)
        expect(sum(lane.offers.count)).toBe(whole.offers.row.length)
        expect(sum(lane.offers.woken)).toBe(whole.wakes.row.length)
        expect(lane.leftOut.offers).toBe(whole.offers.row.length - lane.offers.row.length)
        expect(Math.max(...lane.pool.queueLength)).toBe(Math.max(...whole.pool.queueLength))
        expect(lane.wakes.classes).toEqual(whole.wakes.classes.slice(0, narrow.wakes))
        expect(lane.leftOut.wakes).toBe(whole.wakes.row.length - lane.wakes.row.length)
        expect(lane.leftOut.waits).toBe(whole.waits.length - lane.waits.length)
      }
    },
  )

  it("the worst waits are kept: of a diff those that it finds first", () => {
    const batches = generated(3, 20_000)
    const kept = timelineOf(batches, theFix, narrow)
    const worst = diffOf(batches).changed.slice(0, narrow.waits)
    const [from, to] = kept.lanes as readonly [Lane, Lane]
    expect(from.waits.map(({ requester, beginRow }) => `${requester} ${beginRow}`).toSorted()).toEqual(
      worst.flatMap((pair) => (pair.from ? [`${pair.from.requester} ${pair.from.beginRow}`] : [])).toSorted(),
    )
    expect(to.waits.length).toBe(count(worst, (pair) => pair.to !== undefined))
    expect(to.waits.map(({ number }) => number)).toEqual(
      to.waits.map(({ number }) => number).toSorted((a, b) => a - b),
    )
  })

  it("a trace without rows has a timeline too", () => {
    const timeline = timelineOf([part(generated(1, 100)[0]!, 0, 0)])
    expect(timeline).toMatchObject({ firstTimeUs: 0, lastTimeUs: 0, entities: [] })
    for (const lane of timeline.lanes) {
      expect(lane).toMatchObject({ fidelity: 1, waits: [], leftOut: nothingLeftOut })
      expect(lane.pool.row).toEqual([])
    }
  })
})

const starvation = recordings.find(({ name }) => name.includes("starvation"))!
const chosen = (name: string, without: ReadonlyArray<string> = []): Choice => {
  const choice = choose(name, without)
  if (isChoiceFailure(choice)) throw new Error(choice._tag)
  return choice
}

describe("one reading serves the analysis and the timeline", () => {
  const batches = [...decode(starvation.bytes())]
  const stream = Stream.fromIterable(batches)
  const options = { choices: theFix, explaining: commands }

  it.effect("of a diff", () =>
    Effect.gen(function* () {
      const { found, timeline } = yield* recorded(stream, options, (rows) => diff(rows))
      expect(found).toEqual(yield* diff(stream))
      expect(timeline).toEqual(withChains(timelineOf(batches), tapeOf(batches), theFix(batches[0]!.head)))
    }),
  )

  it.effect("where the semantics is known afterwards", () =>
    Effect.gen(function* () {
      const under = chosen("1.7-post-fix", ["applet-waiter"])
      const after = { explaining: commands, choices: (): Choices => [under] }
      const { timeline } = yield* recordedAfter(stream, after, (rows) => diff(rows))
      expect(timeline).toEqual(
        withChains(
          timelineOf(batches, () => [under]),
          tapeOf(batches),
          [under],
        ),
      )
      expect(timeline.lanes).toHaveLength(1)
      expect(timeline.lanes[0]!.waits[0]).toMatchObject({ change: null, other: null })
    }),
  )

  it.effect("a trace too long for a second replay has no chains, and says so", () =>
    Effect.gen(function* () {
      const short = { ...options, keptRowCount: starvation.rowCount - 1 }
      const { timeline } = yield* recorded(stream, short, (rows) => diff(rows))
      expect(timeline).toEqual(timelineOf(batches))
      for (const { waits, leftOut } of timeline.lanes) expect(leftOut.chains).toBe(waits.length)
      const enough = { ...options, keptRowCount: starvation.rowCount }
      const whole = yield* recorded(stream, enough, (rows) => diff(rows))
      expect(whole.timeline.lanes[0]!.leftOut.chains).toBe(0)
    }),
  )

  it("of more waits than are told, the worst are: those that starve", () => {
    const some = withChains(timelineOf(batches), tapeOf(batches), theFix(batches[0]!.head), 4)
    const told = some.lanes.map(({ waits }) => waits.filter(({ chain }) => chain !== null))
    expect(told[0]!.map(({ ending }) => ending)).toEqual(["starved", "starved", "starved", "starved"])
    const starved = some.lanes[0]!.waits.filter(({ ending }) => ending === "starved")
    expect(starved.length).toBeGreaterThanOrEqual(4)
    expect(some.lanes[0]!.leftOut.chains).toBe(some.lanes[0]!.waits.length - 4)
    expect(defaultBounds.chains).toBeGreaterThan(4)
  })
})

describe("the command of a wait shows that wait", () => {
  const batches = [...decode(starvation.bytes())]
  const [before, after, partial] = [
    chosen("1.7-pre-fix"),
    chosen("1.7-post-fix"),
    chosen("1.7-post-fix", ["applet-waiter"]),
  ]
  const cases: ReadonlyArray<readonly [string, Choices]> = [
    ["one semantics", [partial]],
    ["before and after", [before, after]],
    ["before and a part turned back", [before, partial]],
    ["two that cannot be said at once", [partial, after]],
  ]
  it.effect.each(cases)("%s", ([, choices]) =>
    Effect.gen(function* () {
      for (const [at, { waits }] of timelineOf(batches, () => choices).lanes.entries()) {
        const wait = waits.at(-1)!
        const words = [
          ...wait.command.split(" "),
          "--json",
          recording(starvation.name.replace(".csv.gz", "")),
        ]
        const { out, code } = yield* wakediff("explain", ...words)
        expect(code).toBe(0)
        const [run] = JSON.parse(out).runs
        expect(run.wait).toMatchObject({
          requester: wait.requester,
          beginRow: wait.beginRow,
          endRow: wait.endRow,
        })
        const { without } = choices[at]!
        expect(run.under).toBe(
          without.length === 0 ? choices[at]!.semantics.name : "1.7-post-fix without applet-waiter",
        )
      }
    }),
  )
})
