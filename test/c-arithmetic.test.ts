import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import { EntityTable } from "../src/domain/entity.ts"
import { Event, Kind, Result, Side, Site, resultNames } from "../src/domain/vocabulary.ts"
import { Flag, Machine } from "../src/replay/machine.ts"
import { allParts, bitOf } from "../src/semantics/registry.ts"
import { offer, takeBuffer, type Entry } from "./support/c-model.ts"
import { Random } from "./support/random.ts"

const seed = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffff_ffff }))

/** A C unsigned int where arithmetic goes wrong if it ever does: near 0, 2^31 and 2^32. */
const edge = (random: Random, base: number): number => (base + random.below(12) - 5) >>> 0
const bases = [0, 6, 0x7fff_ffff, 0xffff_ffff]

const machineOf = (random: Random, limit: number, reserve: number, after: number, entities: EntityTable) =>
  new Machine({ limit, reserve, allocated: 1, used: 1, runQueueTasks: random.below(3) }, after, entities)

describe("C arithmetic: the machine against a literal model of the C loops", () => {
  it.prop(
    "an allocation takes, refills and fails as the pool's code does",
    { seed },
    ({ seed: value }) => {
      const random = new Random(value)
      const entities = new EntityTable()
      const stream = entities.slot(Kind.stream, 1)
      const base = random.pick(bases)
      const pool = { allocated: edge(random, base), used: edge(random, base) }
      const reserve = 2 + random.below(8)
      const limit = random.pick([
        0,
        0,
        1 + random.below(14),
        Math.max(1, edge(random, Math.min(base, 0x7fff_fff0))),
      ])
      const margin = random.chance(50) ? reserve : 0
      const before = { ...pool }
      // The loop runs from `allocated` to `target`: where that is not near, it would count for minutes.
      if ((margin + pool.used - pool.allocated) >>> 0 > 64 && (pool.allocated - pool.used) >>> 0 <= margin) {
        if ((pool.allocated - pool.used - margin) >>> 0 > 64) return
      }
      const predicted = takeBuffer(pool, limit, margin)
      if (predicted === undefined) return
      const machine = machineOf(random, limit, reserve, allParts, entities)
      machine.setPool(before.allocated, before.used)
      const result = machine.alloc(stream, stream, Site.recv, margin === 0 ? Side.res : Side.req)
      expect(machine.margin).toBe(margin)
      expect(resultNames[result]).toBe(predicted ? "ok" : "fail")
      expect({ allocated: machine.allocated, used: machine.used }).toEqual(pool)
    },
    { arbitrary: { runs: 3000 } },
  )

  it.prop(
    "an offer computes, compares, skips and wakes as the fix's and the old code do",
    { seed },
    ({ seed: value }) => {
      const random = new Random(value)
      const entities = new EntityTable()
      const after = {
        budget: random.chance(50),
        threshold: random.chance(50),
        skipsSelf: random.chance(50),
        refusal: random.chance(50),
      }
      const mask =
        bitOf["spoe-waiter"] |
        bitOf["applet-waiter"] |
        (after.budget ? bitOf["offer-budget"] : 0) |
        (after.threshold ? bitOf["offer-threshold"] : 0) |
        (after.skipsSelf ? bitOf["offer-skips-self"] : 0) |
        (after.refusal ? bitOf["offer-refusal"] : 0)
      const reserve = 2 + random.below(8)
      const machine = machineOf(random, 1, reserve, mask, entities)
      const from = random.below(6)
      const queue: Array<Entry> = []
      const slots: Array<number> = []
      for (let i = 0; i < 5; i++) {
        const kind = random.pick(["stream", "applet", "spoeContext"] as const)
        const entry: Entry = { kind, ready: random.chance(30), running: random.chance(20), self: i === from }
        queue.push(entry)
        slots.push(waits(machine, entities, entry, i + 1))
      }
      const base = random.pick(bases)
      machine.setPool(edge(random, base), edge(random, base))
      machine.taskRq = edge(random, random.pick(bases))
      machine.appletRq = edge(random, random.pick([0, 6, 0xffff_ffff]))
      const state = {
        pool: { allocated: machine.allocated, used: machine.used },
        reserve,
        taskRq: machine.taskRq,
        appletRq: machine.appletRq,
      }
      machine.outcomes.count = 0
      machine.offer(from < slots.length ? slots[from]! : -1)
      expect(logOf(machine)).toEqual(offer(state, queue, after))
      expect([machine.taskRq, machine.appletRq]).toEqual([state.taskRq, state.appletRq])
    },
    { arbitrary: { runs: 3000 } },
  )
})

/** Puts a new entity into the queue, in the state that the entry says; returns its slot. */
const waits = (machine: Machine, entities: EntityTable, entry: Entry, number: number): number => {
  const stream = entities.slot(Kind.stream, number)
  const slot = entry.kind === "stream" ? stream : entities.slot(Kind[entry.kind], number)
  machine.reserveRoom()
  const site = { stream: Site.recv, applet: Site.applet, spoeContext: Site.spoe }[entry.kind]
  const result = machine.alloc(slot, stream, site, entry.kind === "spoeContext" ? Side.own : Side.req)
  if (result !== Result.fail) throw new Error("the pool was not exhausted")
  if (entry.ready) machine.flags[entry.kind === "applet" ? slot : stream]! |= Flag.ready
  if (entry.running) machine.flags[slot]! |= Flag.running
  return slot
}

/** The outcomes of one offer in the model's words. */
const logOf = ({ outcomes }: Machine): ReadonlyArray<string> => {
  const log: Array<string> = []
  for (let at = 0; at < outcomes.count; at++) {
    const event = outcomes.event[at]!
    if (event === Event.offer) log.push(`avail ${outcomes.avail[at]!}, threshold ${outcomes.threshold[at]!}`)
    else if (event === Event.skip) log.push(`skip ${resultNames[outcomes.detail[at]!]!}`)
    else if (event !== Event.wake) log.push(`wake ${resultNames[outcomes.detail[at]!]!}`)
  }
  return log
}
