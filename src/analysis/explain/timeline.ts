import type { TraceHead } from "../../domain/batch.ts"
import type { ExplainEvent } from "../../domain/documents.ts"
import { NONE } from "../../domain/entity.ts"
import { Event, Kind, Result, Side, resultNames, sideNames, siteNames } from "../../domain/vocabulary.ts"
import type { Wait } from "../../domain/wait.ts"
import { Flag, type Machine } from "../../replay/machine.ts"
import type { Happening } from "../../replay/observer.ts"
import { endText } from "./end.ts"
import { answersOf, freedBuffers, offerOf } from "./offer.ts"
import type { NumberedWait } from "./waits.ts"
import { attemptText, lateness, offerText, place, releaseText, type Facts } from "./words.ts"

/** An event of a timeline, and whether it is about the requester or its stand-in: such ones are folded last. */
export interface Told {
  readonly event: ExplainEvent
  readonly own: boolean
}

/** Listens to a replay and keeps what concerns one wait, from its begin to its end. */
export class Timeline {
  readonly told: Array<Told> = []
  readonly #head: TraceHead
  readonly #machine: Machine
  readonly #target: NumberedWait
  /** How many waits of this requester for a buffer of this side have begun, and whether one is under way. */
  #nth = 0
  #waits = false
  /** Whether it is the one. */
  #open = false
  #wait: Wait | undefined = undefined
  #waiter = NONE
  /** The last wakes by offers: of the requester, of its stand-in. */
  #wokenSelfRow: number | undefined = undefined
  #wokenStandInRow: number | undefined = undefined
  /** Releases that had a buffer to spare when nobody was left to offer it to. */
  #spareRow: number | undefined = undefined
  #spareCount = 0

  constructor(head: TraceHead, machine: Machine, target: NumberedWait) {
    this.#head = head
    this.#machine = machine
    this.#target = target
  }

  get isOpen(): boolean {
    return this.#open
  }

  /** The replay says that a wait has ended. What ended it is told right after, if it is not the trace's end. */
  ended(wait: Wait): void {
    const { side, wait: own } = this.#target
    if (wait.requester !== own.requester || !wait.buffer.startsWith(sideNames[side]!)) return
    this.#waits = false
    if (this.#open) this.#wait = wait
  }

  observe(happening: Happening): void {
    const { kind, entity, side, result } = happening
    const isTry = kind === "attempt" && entity === this.#target.requester && side === this.#target.side
    if (isTry && result === Result.fail && !this.#waits) {
      this.#waits = true
      this.#nth++
      this.#open = this.#nth === this.#target.nth
    }
    if (!this.#open) return
    this.#tell(happening, isTry)
    if (this.#wait !== undefined) this.#end(this.#wait)
  }

  /** The trace has ended: so has the wait, if nothing else ended it. */
  finish(): void {
    if (this.#open && this.#wait !== undefined) this.#end(this.#wait)
  }

  #id(slot: number): string {
    return this.#head.entities.id(slot)
  }

  #tell(happening: Happening, isTry: boolean): void {
    const { kind, entity } = happening
    const own = entity === this.#target.requester || entity === this.#waiter
    switch (kind) {
      case "attempt":
        return this.#attempt(happening, isTry, own)
      case "release":
        return this.#release(happening)
      case "wakeup": {
        if (!own || happening.result !== Result.queued) return
        const where = this.#head.entities.kind[entity] === Kind.applet ? "run list" : "run queue"
        return this.#add(
          happening,
          { kind, entity: this.#id(entity) },
          `${this.#id(entity)} is woken, by no offer: it enters the ${where}`,
          true,
        )
      }
      case "run": {
        if (!own) return
        return this.#add(happening, { kind, entity: this.#id(entity) }, `${this.#id(entity)} runs`, true)
      }
      case "park": {
        if (!own) return
        const text = `${this.#id(entity)} is parked: it leaves the run list without having run, and nothing but a wakeup brings it back`
        return this.#add(happening, { kind, entity: this.#id(entity) }, text, true)
      }
      case "freed": {
        if (!own) return
        return this.#add(happening, { kind, entity: this.#id(entity) }, `${this.#id(entity)} is freed`, true)
      }
      case "pool": {
        const { allocated, used } = this.#machine
        const facts = { kind, entity: "", allocated, used }
        return this.#add(
          happening,
          facts,
          `the pool's collector leaves ${allocated} allocated, ${used} in use`,
          false,
        )
      }
    }
  }

  #add(happening: Happening, facts: Facts, text: string, own: boolean): void {
    const { row, timeUs, recordedRow } = happening
    const late = recordedRow === row ? {} : { recordedRow: recordedRow === NONE ? null : recordedRow }
    const sentence = text + lateness(late.recordedRow)
    this.told.push({ event: { row, timeUs, text: sentence, ...facts, ...late }, own })
  }

  #attempt(happening: Happening, isTry: boolean, own: boolean): void {
    const { entity, owner, site, side, result, allocated, used } = happening
    const machine = this.#machine
    const id = this.#id(entity)
    const buffer = side === Side.own ? "own" : `${sideNames[side]!} of ${this.#id(owner)}`
    const pool = { allocated, used, limit: machine.limit, margin: Math.max(0, machine.margin) }
    const facts = { entity: id, site: siteNames[site]!, result: resultNames[result]!, buffer, ...pool }
    if (!own) {
      if (result === Result.ok)
        this.#add(
          happening,
          { kind: "take", ...facts },
          attemptText({ kind: "take", ...facts }, false, false),
          false,
        )
      return
    }
    const leaves = answersOf(this.#machine, Event.dequeue).includes(entity)
    if (result === Result.held && !leaves && !isTry) return
    if (result === Result.fail) {
      const again = this.#waiter !== NONE
      if (isTry) this.#waiter = machine.waiter
      const queued = { waiter: this.#id(machine.waiter), ...this.#positionOf(machine.waiter) }
      const whole: Facts = { kind: "attempt", ...facts, ...queued }
      return this.#add(happening, whole, attemptText(whole, again && isTry, leaves), true)
    }
    const whole: Facts = { kind: "attempt", ...facts }
    this.#add(happening, whole, attemptText(whole, false, leaves), true)
  }

  #release(happening: Happening): void {
    const { owner, entity, site, side, allocated, used } = happening
    const machine = this.#machine
    const holder = siteNames[site]!.startsWith("spoe_") ? entity : owner
    const freed = freedBuffers(machine, this.#head, holder)
    const facts = {
      entity: this.#id(entity),
      site: siteNames[site]!,
      ...(side === 0 ? {} : { buffer: sideNames[side]! }),
      freed,
      allocated,
      used,
      usedAfter: machine.used,
    }
    if (machine.offerHadSpare && !answersOf(this.#machine, Event.wake).includes(this.#target.requester)) {
      this.#spareCount++
      this.#spareRow ??= happening.row
    }
    for (const left of answersOf(this.#machine, Event.dequeue)) {
      if (left !== this.#waiter && left !== this.#target.requester) continue
      const text = `${this.#id(left)} leaves the queue at ${siteNames[site]!}, unserved`
      this.#add(happening, { kind: "leave", entity: this.#id(left) }, text, true)
    }
    const offer = offerOf(machine, this.#head)
    if (offer === undefined) {
      if (freed.length === 0) return
      const whole: Facts = { kind: "release", ...facts, queueLength: machine.queueLength }
      return this.#add(happening, whole, releaseText(whole), false)
    }
    const whole: Facts = { kind: "offer", ...facts, ...offer }
    const reached = this.#reached(happening.row)
    const text = offerText(whole, machine.reserve, reached ? "" : this.#standing())
    this.#add(happening, whole, text, reached)
  }

  /** Whether the offer woke or skipped the requester or its stand-in, or ended the process. */
  #reached(row: number): boolean {
    const { requester } = this.#target
    const woken = answersOf(this.#machine, Event.wake)
    if (woken.includes(requester)) this.#wokenSelfRow = row
    if (this.#waiter !== requester && woken.includes(this.#waiter)) this.#wokenStandInRow = row
    return (
      this.#machine.undefinedKind !== undefined ||
      [...woken, ...answersOf(this.#machine, Event.skip)].some(
        (met) => met === requester || met === this.#waiter,
      )
    )
  }

  /** Where the wait's own waiter stands. */
  #standing(): string {
    const at = this.#positionOf(this.#waiter)
    const id = this.#id(this.#waiter)
    return at.position === undefined
      ? `${id} is not in the queue`
      : `${id} stays queued, ${place(at.position, at.queueLength)}`
  }

  #positionOf(waiter: number): { readonly position?: number; readonly queueLength: number } {
    const { flags, head, next, queueLength } = this.#machine
    if ((flags[waiter]! & Flag.waiting) === 0) return { queueLength }
    let position = 1
    for (let at = head; at !== waiter && at !== NONE; at = next[at]!) position++
    return { position, queueLength }
  }

  #end(wait: Wait): void {
    this.#open = false
    const machine = this.#machine
    const { requester } = this.#target
    const text = endText(wait, {
      standing: this.#standing(),
      idle: (machine.flags[requester]! & (Flag.waiting | Flag.ready | Flag.running)) === 0,
      wokenSelfRow: this.#wokenSelfRow,
      wokenStandInRow: this.#wokenStandInRow,
      spareRow: this.#spareRow,
      spareCount: this.#spareCount,
      undefinedKind: machine.undefinedKind,
      undefinedEntity: this.#id(machine.undefinedEntity),
    })
    const facts: Facts = { kind: "end", entity: wait.requester, result: wait.ending, waiter: wait.waiter }
    this.told.push({ event: { row: wait.endRow, timeUs: wait.endTimeUs, text, ...facts }, own: true })
  }
}
