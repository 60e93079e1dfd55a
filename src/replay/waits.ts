import type { TraceHead } from "../domain/batch.ts"
import { NONE } from "../domain/entity.ts"
import { Event, Kind, Result, Side, entityKinds, sideNames } from "../domain/vocabulary.ts"
import { wakeClasses, type Ending, type Wait, type WakeClass, type WakeCounts } from "../domain/wait.ts"
import { Flag, type Machine } from "./machine.ts"

/** Where the replay stands in the trace. */
export interface Moment {
  row: number
  timeUs: number
}

/** What tells a wait from the others of its replay. */
export type WaitIdentity = Pick<Wait, "requester" | "buffer" | "beginRow" | "invented">

/** By class: its bit, in the order of `wakeClasses`. */
export const wakeBits = Object.fromEntries(wakeClasses.map(({ name }, at) => [name, 1 << at])) as {
  readonly [C in WakeClass]: number
}

/** Hears of each wake. `number` is 1 for the first of the replay, `classes` are {@link wakeBits}. */
export interface WakeListener {
  /** An offer made it; `by` is whose release it was, NONE where that is not known. */
  readonly woken: (number: number, entity: number, by: number, classes: number, now: Moment) => void
  /** The woken entity has tried again: these classes are to be added. */
  readonly judged: (number: number, classes: number) => void
}

/** A wait that goes on. One object a wait: waits are few beside rows. */
interface OpenWait {
  readonly requester: number
  readonly buffer: number
  readonly side: number
  readonly owner: number
  waiter: number
  readonly beginRow: number
  readonly beginTimeUs: number
  readonly invented: boolean
  readonly freedBefore: number
  readonly offersBefore: number
  wakeCount: number
  futileWakeCount: number
  /** Since the last attempt: whether an offer woke the requester itself, or someone in its stead. */
  wokenSelf: boolean
  wokenStandIn: boolean
  /** Neither woken nor run since the last attempt; since when, in offers with a buffer to spare. */
  stalled: boolean
  sparesWhenStalled: number
  passedBy: boolean
  /** At the end: whether it was still stalled. */
  neglected: boolean
}

/**
 * Keeps the waits and wakes of one replay: `outcomes.md`. It is told what happens and asks the machine for the rest;
 * each wait is handed to `onWait` when it ends.
 */
export class Waits {
  readonly #machine: Machine
  readonly #head: TraceHead
  readonly #onWait: (wait: Wait) => void
  /** By buffer and requester, see {@link keyOf}. */
  readonly #open = new Map<number, OpenWait>()
  readonly #ofRequester = new Map<number, Set<OpenWait>>()
  /** A stream may stand in for any number of applets: one of them must leave without a look at the others. */
  readonly #ofWaiter = new Map<number, Set<OpenWait>>()
  /** By entity in the wait queue: whose wait for which buffer put it there. */
  readonly #queuedFor = new Map<number, { readonly requester: number; readonly buffer: number }>()
  /** By woken entity: the wake, and the buffer that put it in the queue. Its next attempt at it tells whether that was of use. */
  readonly #wakes = new Map<number, { readonly buffer: number; readonly number: number }>()
  readonly #appletNameOf = new Map<number, string>()
  #spareCount = 0
  readonly #counts = { total: 0, useful: 0, futile: 0, misdirected: 0, redundant: 0, herd: 0 }

  constructor(machine: Machine, head: TraceHead, onWait: (wait: Wait) => void) {
    this.#machine = machine
    this.#head = head
    this.#onWait = onWait
  }

  /** To be set before the first row. */
  listener: WakeListener | undefined = undefined

  /** By class: where the first wake of it was made, or, where its use decides, was used. */
  readonly firstWakes: Partial<Record<WakeClass, Moment>> = {}

  get wakeCounts(): WakeCounts {
    return { ...this.#counts }
  }

  /** The waits that go on. */
  get underWay(): ReadonlyArray<WaitIdentity> {
    return [...this.#open.values()].map((wait) => this.#identity(wait))
  }

  nameApplet(applet: number, name: string): void {
    this.#appletNameOf.set(applet, name)
  }

  /** After `machine.alloc`: an attempt, and its result. `invented`: the trace has no such row. */
  attempted(
    entity: number,
    owner: number,
    side: number,
    result: number,
    now: Moment,
    invented: boolean,
  ): void {
    if (result === 0) return
    const buffer = side === Side.own ? entity * 4 + side : owner * 4 + side
    const failed = result === Result.fail
    this.#judgeWake(entity, buffer, failed, now)
    const key = keyOf(entity, side)
    let wait = this.#open.get(key)
    if (wait === undefined) {
      if (!failed) return
      wait = this.#begin(entity, owner, side, buffer, now, invented)
    } else if (!failed) {
      const ending = wait.wokenSelf
        ? "served directly"
        : wait.wokenStandIn
          ? "served indirectly"
          : "served otherwise"
      this.#end(wait, ending, now)
      return
    } else if (wait.wokenSelf || wait.wokenStandIn) {
      wait.futileWakeCount++
    }
    this.#setWaiter(wait, this.#machine.waiter)
    wait.wokenSelf = false
    wait.wokenStandIn = false
    this.#stall(wait)
  }

  #begin(
    requester: number,
    owner: number,
    side: number,
    buffer: number,
    now: Moment,
    invented: boolean,
  ): OpenWait {
    const wait: OpenWait = {
      requester,
      buffer,
      side,
      owner,
      waiter: NONE,
      beginRow: now.row,
      beginTimeUs: now.timeUs,
      invented,
      freedBefore: this.#machine.freedCount,
      offersBefore: this.#machine.offerCount,
      wakeCount: 0,
      futileWakeCount: 0,
      wokenSelf: false,
      wokenStandIn: false,
      stalled: false,
      sparesWhenStalled: 0,
      passedBy: false,
      neglected: false,
    }
    this.#open.set(keyOf(requester, side), wait)
    waitsOf(this.#ofRequester, requester).add(wait)
    return wait
  }

  #setWaiter(wait: OpenWait, waiter: number): void {
    if (wait.waiter === waiter) return
    if (wait.waiter !== NONE) remove(this.#ofWaiter, wait.waiter, wait)
    wait.waiter = waiter
    waitsOf(this.#ofWaiter, waiter).add(wait)
  }

  #stall(wait: OpenWait): void {
    wait.stalled = true
    wait.sparesWhenStalled = this.#spareCount
  }

  #unstall(wait: OpenWait): void {
    if (!wait.stalled) return
    wait.stalled = false
    if (this.#spareCount > wait.sparesWhenStalled) wait.passedBy = true
  }

  /** A task or an applet runs: what it waits for is no longer out of its hands. */
  ran(entity: number): void {
    const waits = this.#ofRequester.get(entity)
    if (waits !== undefined) for (const wait of waits) this.#unstall(wait)
  }

  /** After any input row: what the queue did in answer, `machine.outcomes`. `cause` is who needs, where it was an alloc. */
  answered(cause: number, owner: number, side: number, now: Moment): void {
    const { outcomes } = this.#machine
    let avail = 0
    let by: number = NONE
    for (let i = 0; i < outcomes.count; i++) {
      const entity = outcomes.entity[i]!
      switch (outcomes.event[i]) {
        case Event.enqueue: {
          const buffer = side === Side.own ? cause * 4 + side : owner * 4 + side
          this.#queuedFor.set(entity, { requester: cause, buffer })
          break
        }
        case Event.dequeue: {
          this.#queuedFor.delete(entity)
          break
        }
        case Event.offer: {
          avail = outcomes.avail[i]!
          by = entity
          break
        }
        case Event.wake: {
          this.#woke(entity, by, avail, outcomes.detail[i + 1] === Result.already, now)
          break
        }
      }
    }
  }

  /** After a release that ended in an offer, whether the queue was empty or not. */
  offered(): void {
    if (this.#machine.offerHadSpare) this.#spareCount++
  }

  #woke(waiter: number, by: number, avail: number, redundant: boolean, now: Moment): void {
    const number = ++this.#counts.total
    let classes = 0
    if (avail < 0) classes |= this.#count("herd", now)
    if (redundant) classes |= this.#count("redundant", now)
    const cause = this.#queuedFor.get(waiter)
    this.#queuedFor.delete(waiter)
    if (cause !== undefined) {
      if (cause.requester !== waiter) classes |= this.#count("misdirected", now)
      this.#wakes.set(waiter, { buffer: cause.buffer, number })
    }
    this.listener?.woken(number, waiter, by, classes, now)
    const waits = this.#ofWaiter.get(waiter)
    if (waits === undefined) return
    for (const wait of waits) {
      wait.wakeCount++
      if (wait.requester === waiter) {
        this.#unstall(wait)
        wait.wokenSelf = true
      } else {
        wait.wokenStandIn = true
        wait.passedBy = true
      }
    }
  }

  /** Counts a wake of a class; gives the class's bit. */
  #count(name: WakeClass, now: Moment): number {
    this.#counts[name]++
    this.firstWakes[name] ??= { ...now }
    return wakeBits[name]
  }

  #judgeWake(entity: number, buffer: number, failed: boolean, now: Moment): void {
    const wake = this.#wakes.get(entity)
    if (wake?.buffer !== buffer) return
    const use = this.#count(failed ? "futile" : "useful", now)
    this.listener?.judged(wake.number, use)
    this.#wakes.delete(entity)
  }

  /** An entity is freed: what it waited for is abandoned. */
  freed(entity: number, now: Moment): void {
    const waits = this.#ofRequester.get(entity)
    if (waits !== undefined) for (const wait of waits) this.#end(wait, "abandoned", now)
    this.#wakes.delete(entity)
    this.#appletNameOf.delete(entity)
  }

  /** The trace has ended, or what follows is undefined: the waits that are left end with it. */
  end(now: Moment): void {
    const reachedUndefined = this.#machine.undefinedKind !== undefined
    for (const wait of this.#open.values()) {
      wait.neglected = wait.stalled
      this.#unstall(wait)
      this.#end(wait, reachedUndefined ? "undefined" : this.#isStarved(wait) ? "starved" : "pending", now)
    }
  }

  /**
   * Starved: an offer that had a buffer to spare passed the requester by, or woke a stand-in; or the requester was
   * parked, in nobody's queue, while buffers were offered: no offer, with whatever budget, could have reached it.
   */
  #isStarved(wait: OpenWait): boolean {
    if (wait.passedBy) return true
    const { flags, offerCount } = this.#machine
    const reachable = Flag.waiting | Flag.ready | Flag.running
    return wait.neglected && (flags[wait.requester]! & reachable) === 0 && offerCount > wait.offersBefore
  }

  #end(wait: OpenWait, ending: Ending, now: Moment): void {
    this.#open.delete(keyOf(wait.requester, wait.side))
    remove(this.#ofRequester, wait.requester, wait)
    if (wait.waiter !== NONE) remove(this.#ofWaiter, wait.waiter, wait)
    const { entities } = this.#head
    const kind = entities.kind[wait.requester]!
    const { requester, buffer, beginRow, invented } = this.#identity(wait)
    this.#onWait({
      requester,
      kind: entityKinds[kind]!.name,
      appletName: kind === Kind.applet ? (this.#appletNameOf.get(wait.requester) ?? null) : null,
      buffer,
      waiter: entities.id(wait.waiter),
      beginRow,
      beginTimeUs: wait.beginTimeUs,
      endRow: now.row,
      endTimeUs: now.timeUs,
      ending,
      wakeCount: wait.wakeCount,
      futileWakeCount: wait.futileWakeCount,
      freedCount: this.#machine.freedCount - wait.freedBefore,
      offerCount: this.#machine.offerCount - wait.offersBefore,
      invented,
    })
  }

  #identity({ requester, side, owner, beginRow, invented }: OpenWait): WaitIdentity {
    const { entities } = this.#head
    const buffer = side === Side.own ? "own" : `${sideNames[side]!} of ${entities.id(owner)}`
    return { requester: entities.id(requester), buffer, beginRow, invented }
  }
}

const keyOf = (requester: number, side: number): number => requester * 4 + side

const waitsOf = (map: Map<number, Set<OpenWait>>, key: number): Set<OpenWait> => {
  let waits = map.get(key)
  if (waits === undefined) map.set(key, (waits = new Set()))
  return waits
}

const remove = (map: Map<number, Set<OpenWait>>, key: number, wait: OpenWait): void => {
  const waits = map.get(key)
  if (waits === undefined) return
  waits.delete(wait)
  if (waits.size === 0) map.delete(key)
}
