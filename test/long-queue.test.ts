/**
 * A long wait queue costs no more than what happens to it: an offer looks once at each entry that it passes, and writes a row for
 * it; whoever leaves the middle of the queue leaves the others alone. Bounds are on steps, counted, and never on time.
 */
import { describe, expect, it, vi } from "@effect/vitest"
import { QueuePosition } from "../src/analysis/explain/position.ts"
import { WaitPairs } from "../src/analysis/pairs.ts"
import type { RowBatch } from "../src/domain/batch.ts"
import type { Wait } from "../src/domain/wait.ts"
import { Event, Kind, Result, Side, Site } from "../src/domain/vocabulary.ts"
import { Flag, type Machine } from "../src/replay/machine.ts"
import { Projection } from "../src/replay/projection.ts"
import { Verifier } from "../src/replay/verifier.ts"
import { generate } from "./support/generate.ts"
import { allParts } from "../src/semantics/registry.ts"
import { Recorder } from "./support/recorder.ts"

const waiterCount = 100_000
const offerCount = 5
/** One in so many waiters does not refuse. */
const willingEach = 1000

/** Half the reserve is more than what a release frees: as unsigned that is a budget which never ends, and each offer walks it all. */
const settings = { limit: 10, reserve: 20, allocated: 0, runQueueTasks: 0, countsApplets: true }

/** A process whose pool is exhausted by streams that hold an empty buffer each. */
const exhausted = (
  after: number,
): { readonly recorder: Recorder; readonly holders: ReadonlyArray<number> } => {
  const recorder = new Recorder(settings, after, "a long queue", 4096)
  const holders: Array<number> = []
  for (let failed = false; !failed;) {
    const holder = stream(recorder, holders.length)
    failed = recorder.alloc(holder, holder, Site.recv, Side.res) === Result.fail
    holders.push(holder)
  }
  // The last one got none, and waits.
  return { recorder, holders: holders.slice(0, -1) }
}

const stream = (recorder: Recorder, number: number): number => {
  const slot = recorder.entity(Kind.stream, number)
  recorder.created(Event.stream_new, slot, 0)
  return slot
}

const offers = (recorder: Recorder, holder: number): void => {
  recorder.taskWakeup(holder)
  recorder.taskRun(holder)
  recorder.release(holder, holder, Site.stream_end, 0, false, false)
  recorder.taskDone(holder, false)
}

/** Offers to a long queue of streams that are in the run queue already, but for a few; then all are freed, from the middle on. */
const longQueue = (): { readonly recorder: Recorder; readonly batches: ReadonlyArray<RowBatch> } => {
  const { recorder, holders } = exhausted(allParts)
  const waiters = Array.from({ length: waiterCount }, (_, at) => stream(recorder, 1000 + at))
  for (const [at, waiter] of waiters.entries()) {
    if (at % willingEach !== 0) recorder.taskWakeup(waiter)
    recorder.alloc(waiter, waiter, Site.recv, Side.res)
  }
  for (const holder of holders.slice(0, offerCount)) offers(recorder, holder)
  for (const at of waiters.keys()) {
    const waiter = waiters[(at + waiterCount / 2) % waiterCount]!
    recorder.release(waiter, waiter, Site.stream_free, 0, false, false)
  }
  return { recorder, batches: recorder.take(true) }
}

const { recorder: recorded, batches } = longQueue()
const rowCount = recorded.rowCount

/** Counts each look at an element. */
const counted = <A extends object>(column: A, counter: { looks: number }): A =>
  new Proxy(column, {
    get: (target, name) => {
      counter.looks++
      return Reflect.get(target, name)
    },
  })

/** How often a verification looks at the links of the queue, and at the outcomes that it awaits. */
const verified = (after: number) => {
  const { preamble, entities } = recorded.head
  const verifier = new Verifier(preamble, after, entities)
  const { machine } = verifier
  machine.reserveRoom()
  for (let at = 0; at < 2 * waiterCount; at++) machine.outcomes.add(0, 0, 0, 0, 0)
  machine.outcomes.count = 0
  const [links, awaited] = [{ looks: 0 }, { looks: 0 }]
  machine.next = counted(machine.next, links)
  machine.previous = counted(machine.previous, links)
  machine.outcomes.event = counted(machine.outcomes.event, awaited)
  for (const batch of batches) verifier.run(batch)
  return { verifier, linkLooks: links.looks, outcomeLooks: awaited.looks }
}

describe("a queue of 100,000 waiters that refuse", () => {
  it("is as long as it should be, and is walked by each offer", () => {
    expect(rowCount).toBeGreaterThan((offerCount + 3) * waiterCount)
    expect(recorded.machine.walkStepCount).toBeGreaterThan((offerCount - 1) * waiterCount)
    expect(recorded.machine.queueLength).toBe(0)
  })

  it("costs a verification a few looks a row", () => {
    const { verifier, linkLooks, outcomeLooks } = verified(allParts)
    expect(verifier).toMatchObject({ deviationCount: 0, rowCount })
    expect(verifier.machine.walkStepCount).toBeLessThanOrEqual(verifier.outcomeRowCount)
    expect(linkLooks).toBeLessThan(3 * rowCount)
    expect(outcomeLooks).toBeLessThan(3 * rowCount)
  })

  it("costs no more than a bounded look ahead where the outcomes are not those predicted", () => {
    const { verifier, linkLooks, outcomeLooks } = verified(0)
    expect(verifier.deviationCount).toBeGreaterThan(0)
    expect(linkLooks).toBeLessThan(3 * rowCount)
    expect(outcomeLooks).toBeLessThan(70 * rowCount)
  })

  it("tells a waiter's place without a walk at each offer", () => {
    const { recorder, holders } = exhausted(allParts)
    const position = new QueuePosition(recorder.machine)
    const waiters = Array.from({ length: waiterCount }, (_, at) => stream(recorder, 1000 + at))
    for (const waiter of waiters) {
      recorder.taskWakeup(waiter)
      recorder.alloc(waiter, waiter, Site.recv, Side.res)
    }
    const watched = waiters[waiterCount / 2]!
    expect(position.of(watched)).toEqual({ position: waiterCount / 2 + 2, queueLength: waiterCount + 1 })
    for (let at = 0; at < 1000; at++) {
      recorder.release(waiters[at]!, waiters[at]!, Site.stream_free, 0, false, false)
      position.heard()
      position.of(watched)
    }
    for (const holder of holders.slice(0, offerCount)) {
      offers(recorder, holder)
      position.heard()
    }
    expect(position.of(watched)).toEqual({
      position: walked(recorder.machine, watched),
      queueLength: recorder.machine.queueLength,
    })
    expect(position.walkStepCount).toBeLessThanOrEqual(waiterCount)
  })
})

const walked = ({ head, next }: Machine, waiter: number): number => {
  let position = 1
  for (let at = head; at !== waiter; at = next[at]!) position++
  return position
}

it.each([1, 2, 3, 4])("a waiter's place is what a walk would count, in process %s", (seed) => {
  const { head, batches: rows } = generate({ seed, after: 0, rowCount: 4000, limit: 4 })
  let compared = 0
  const replay: Projection = new Projection(
    head,
    allParts,
    () => undefined,
    head.preamble,
    (happening) => {
      const { machine } = replay
      const { kind, entity } = happening
      if (
        kind === "attempt" ||
        kind === "release" ||
        (kind === "freed" && head.entities.kind[entity] !== Kind.stream)
      )
        position.heard()
      // One waiter is followed for as long as it is queued, then whoever is last.
      if (followed < 0 || (machine.flags[followed]! & Flag.waiting) === 0) followed = machine.tail
      if (followed < 0) return
      expect(position.of(followed).position).toBe(walked(machine, followed))
      compared++
    },
  )
  const position = new QueuePosition(replay.machine)
  let followed = -1
  for (const batch of rows) replay.run(batch)
  expect(compared).toBeGreaterThan(20)
})

/** How many elements of lists a replay moves or searches. */
const listed = (run: () => void): number => {
  let count = 0
  const names = ["slice", "splice", "indexOf", "findIndex"] as const
  const spies = names.map((name) => {
    const original = Array.prototype[name] as (
      this: Array<unknown>,
      ...given: ReadonlyArray<unknown>
    ) => unknown
    return vi.spyOn(Array.prototype, name).mockImplementation(function (
      this: Array<unknown>,
      ...given: Array<unknown>
    ) {
      count += this.length
      return original.apply(this, given)
    } as never)
  })
  run()
  for (const spy of spies) spy.mockRestore()
  return count
}

const project = (head: RowBatch["head"], rows: Iterable<RowBatch>, after: number): Projection => {
  const replay = new Projection(head, after, () => undefined)
  for (const batch of rows) replay.run(batch)
  replay.end()
  return replay
}

describe("a replay of what did not happen", () => {
  it("ends the waits of applets with one stand-in without a look at the others", () => {
    const { recorder, holders } = exhausted(0)
    const owner = holders[0]!
    const name = recorder.appletName("<STATS>")
    const applets = Array.from({ length: 20_000 }, (_, at) => recorder.entity(Kind.applet, at))
    for (const applet of applets) {
      recorder.created(Event.applet_new, applet, name)
      recorder.appletWakeup(applet)
      recorder.appletRun(applet, owner, name)
      recorder.alloc(applet, owner, Site.applet, Side.req)
      recorder.appletDone(applet, owner)
    }
    for (const applet of applets) recorder.appletFree(applet)
    const rows = recorder.take(true)
    expect(listed(() => project(recorder.head, rows, 0))).toBeLessThan(4 * recorder.rowCount)
  })

  it("lets those run whose turn has come without moving those who wait", () => {
    const { recorder, holders } = exhausted(allParts)
    for (let at = 0; at < 20_000; at++) {
      const holder = holders[at % holders.length]!
      const waiter = stream(recorder, 1000 + at)
      recorder.alloc(waiter, waiter, Site.recv, Side.res)
      recorder.timeUs += 4
      offers(recorder, holder)
      recorder.timeUs += 4
      recorder.alloc(holder, holder, Site.recv, Side.res)
    }
    const rows = recorder.take(true).map(withoutOutcomes)
    let phantomRunCount = 0
    const moved = listed(() => {
      phantomRunCount = project(recorder.head, rows, allParts).departures.phantomRunCount
    })
    expect(phantomRunCount).toBeGreaterThan(1000)
    expect(moved).toBeLessThan(4 * recorder.rowCount)
  })
})

/** The input rows of a batch: what a build without probes for outcomes records. */
const withoutOutcomes = (batch: RowBatch): RowBatch => {
  const isInput = (_: unknown, at: number): boolean =>
    batch.event[at]! < Event.enqueue &&
    !(
      batch.site[at] === Site.offer &&
      (batch.event[at] === Event.task_wakeup || batch.event[at] === Event.applet_wakeup)
    )
  const columns = Object.entries(batch).map(([name, column]) => [
    name,
    ArrayBuffer.isView(column) ? (column as Uint8Array).subarray(0, batch.rowCount).filter(isInput) : column,
  ])
  const inputs = Object.fromEntries(columns) as RowBatch
  return { ...inputs, rowCount: inputs.event.length }
}

const wait = (at: number): Wait =>
  ({ requester: `s${at}`, buffer: "own", beginRow: at, invented: false }) as Wait

it("waits that go on are not gone through again until as many have ended", () => {
  const open = Array.from({ length: 10_000 }, (_, at) => wait(at))
  const pairs = new WaitPairs<Wait>(() => undefined)
  let lookedAt = 0
  const endedCount = 100_000
  for (let at = 0; at < endedCount; at++) {
    pairs.ended(wait(100_000 + at), 0)
    pairs.settle(() => {
      lookedAt += 2 * open.length
      return [open, open]
    })
  }
  expect(lookedAt).toBeGreaterThan(0)
  expect(lookedAt).toBeLessThan(4 * endedCount)
})
