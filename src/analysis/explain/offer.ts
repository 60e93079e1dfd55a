/** What a machine has just done in answer to a release: pure readings of its state and outcomes. */
import type { TraceHead } from "../../domain/batch.ts"
import { Event, Result, resultNames, sideNames, siteNames } from "../../domain/vocabulary.ts"
import { Flag, type Machine } from "../../replay/machine.ts"
import type { Happening } from "../../replay/observer.ts"
import { bitOf } from "../../semantics/registry.ts"
import type { Facts } from "./words.ts"

/** The buffers that a machine has just freed, as `req of s3`. */
export const freedBuffers = (machine: Machine, head: TraceHead, owner: number): ReadonlyArray<string> => {
  const freed = machine.freedBuffers
  const id = head.entities.id(owner)
  return [
    ...(freed & Flag.req ? [`req of ${id}`] : []),
    ...(freed & Flag.res ? [`res of ${id}`] : []),
    ...(freed & Flag.own ? ["own"] : []),
  ]
}

/** The entities of the outcomes of one event, in their order. */
export const answersOf = ({ outcomes }: Machine, event: number): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let i = 0; i < outcomes.count; i++) if (outcomes.event[i] === event) found.push(outcomes.entity[i]!)
  return found
}

/** The offer among the outcomes, if there is one. */
const offerOf = (machine: Machine, { entities }: TraceHead): Partial<Facts> | undefined => {
  const { outcomes } = machine
  const woken: Array<string> = []
  const skipped: Array<{ readonly entity: string; readonly reason: string }> = []
  let [at, tasks, applets] = [-1, 0, 0]
  for (let i = 0; i < outcomes.count; i++) {
    const [event, detail] = [outcomes.event[i]!, outcomes.detail[i]!]
    const entity = entities.id(outcomes.entity[i]!)
    if (event === Event.offer) at = i
    else if (event === Event.wake) woken.push(entity)
    else if (event === Event.skip) skipped.push({ entity, reason: resultNames[detail]! })
    else if (event === Event.task_wakeup && detail === Result.queued) tasks++
    else if (event === Event.applet_wakeup && detail === Result.queued) applets++
  }
  if (at < 0) return undefined
  const budgetAfter = (machine.after & bitOf["offer-budget"]) !== 0
  const [avail, threshold] = [outcomes.avail[at]!, outcomes.threshold[at]!]
  // Who was woken has left the queue; who was skipped is still in it.
  const metAll = skipped.length === machine.queueLength
  return {
    avail,
    threshold,
    readyTasks: machine.taskRq - tasks,
    activeApplets: machine.appletRq - applets,
    unsigned: budgetAfter,
    woken,
    skipped,
    budgetLeft: budgetAfter ? avail - woken.length - threshold : avail - machine.taskRq,
    ended: machine.undefinedKind !== undefined ? "undefined" : metAll ? "queue" : "budget",
    queueLength: machine.queueLength,
  }
}

/** A release, and whom its offer met, as slots. */
export interface Release {
  readonly facts: Facts
  readonly woken: ReadonlyArray<number>
  readonly skipped: ReadonlyArray<number>
  /** Who left the queue by it, unserved. */
  readonly left: ReadonlyArray<number>
}

/** Of many waits that go on side by side, each hears of the same release: it is read once. */
const known = new WeakMap<Happening, Release>()

/** What the machine has just done in answer to this release. */
export const releaseOf = (happening: Happening, machine: Machine, head: TraceHead): Release => {
  const before = known.get(happening)
  if (before !== undefined) return before
  const release = {
    facts: factsOf(happening, machine, head),
    woken: answersOf(machine, Event.wake),
    skipped: answersOf(machine, Event.skip),
    left: answersOf(machine, Event.dequeue),
  }
  known.set(happening, release)
  return release
}

const factsOf = (happening: Happening, machine: Machine, head: TraceHead): Facts => {
  const { owner, entity, allocated, used } = happening
  const [site, side] = [siteNames[happening.site]!, happening.side]
  const facts = {
    entity: head.entities.id(entity),
    site,
    ...(side === 0 ? {} : { buffer: sideNames[side]! }),
    freed: freedBuffers(machine, head, site.startsWith("spoe_") ? entity : owner),
    allocated,
    used,
    usedAfter: machine.used,
  }
  const offer = offerOf(machine, head)
  return offer === undefined
    ? { kind: "release", ...facts, queueLength: machine.queueLength }
    : { kind: "offer", ...facts, ...offer }
}
