import type { TraceHead } from "../../domain/batch.ts"
import { NONE } from "../../domain/entity.ts"
import { Event, Kind, Result, Side, resultNames, sideNames, siteNames } from "../../domain/vocabulary.ts"
import type { Wait } from "../../domain/wait.ts"
import { Flag, type Machine } from "../../replay/machine.ts"
import type { Happening } from "../../replay/observer.ts"
import { endText } from "./end.ts"
import { answersOf, releaseOf, type Release } from "./offer.ts"
import { QueuePosition, type Position } from "./position.ts"
import type { BegunWait } from "./waits.ts"
import { attemptText, lateness, offerText, place, releaseText, type Facts } from "./words.ts"

/** An event of a timeline. Its sentence is made where it is shown: of most, only a fold ever is. */
export interface Told {
  readonly row: number
  readonly timeUs: number
  readonly facts: Facts
  readonly text: () => string
  /** About the requester or its stand-in: such ones are folded last. */
  readonly own: boolean
}

/** Listens to a replay and tells what concerns one wait, from its begin to its end. */
export class Timeline {
  readonly #tell: (told: Told) => void
  readonly #head: TraceHead
  readonly #machine: Machine
  readonly #position: QueuePosition
  readonly #target: BegunWait
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

  constructor(head: TraceHead, machine: Machine, target: BegunWait, tell: (told: Told) => void) {
    this.#tell = tell
    this.#head = head
    this.#machine = machine
    this.#position = new QueuePosition(machine)
    this.#target = target
  }

  get isOpen(): boolean {
    return this.#open
  }

  /** The replay says that a wait has ended. What ended it is told right after, if it is not the trace's end. */
  ended(wait: Wait): void {
    const { side, requester } = this.#target
    if (wait.requester !== this.#id(requester) || !wait.buffer.startsWith(sideNames[side]!)) return
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
    this.#hear(happening, isTry)
    if (this.#wait !== undefined) this.#end(this.#wait)
  }

  /** The trace has ended: so has the wait, if nothing else ended it. */
  finish(): void {
    if (this.#open && this.#wait !== undefined) this.#end(this.#wait)
  }

  #id(slot: number): string {
    return this.#head.entities.id(slot)
  }

  #hear(happening: Happening, isTry: boolean): void {
    const { kind, entity } = happening
    const own = entity === this.#target.requester || entity === this.#waiter
    if (this.#queueAnswers(happening)) this.#position.heard()
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
          () => `${this.#id(entity)} is woken, by no offer: it enters the ${where}`,
          true,
        )
      }
      case "run": {
        if (!own) return
        return this.#add(
          happening,
          { kind, entity: this.#id(entity) },
          () => `${this.#id(entity)} runs`,
          true,
        )
      }
      case "park": {
        if (!own) return
        const text = () =>
          `${this.#id(entity)} is parked: it leaves the run list without having run, and nothing but a wakeup brings it back`
        return this.#add(happening, { kind, entity: this.#id(entity) }, text, true)
      }
      case "freed": {
        if (!own) return
        return this.#add(
          happening,
          { kind, entity: this.#id(entity) },
          () => `${this.#id(entity)} is freed`,
          true,
        )
      }
      case "pool": {
        const { allocated, used } = this.#machine
        const facts = { kind, entity: "", allocated, used }
        return this.#add(
          happening,
          facts,
          () => `the pool's collector leaves ${allocated} allocated, ${used} in use`,
          false,
        )
      }
    }
  }

  /** Whether the queue's answer has not been heard yet: what frees a stream is a release, and has been told as one. */
  #queueAnswers({ kind, entity }: Happening): boolean {
    if (kind === "freed") return this.#head.entities.kind[entity] !== Kind.stream
    return kind === "attempt" || kind === "release"
  }

  #add(happening: Happening, told: Facts, text: () => string, own: boolean): void {
    const { row, timeUs, recordedRow } = happening
    const facts =
      recordedRow === row ? told : { ...told, recordedRow: recordedRow === NONE ? null : recordedRow }
    this.#tell({ row, timeUs, facts, text: () => text() + lateness(facts.recordedRow), own })
  }

  #attempt(happening: Happening, isTry: boolean, own: boolean): void {
    const { entity, owner, site, side, result, allocated, used } = happening
    const machine = this.#machine
    const id = this.#id(entity)
    const buffer = side === Side.own ? "own" : `${sideNames[side]!} of ${this.#id(owner)}`
    const pool = { allocated, used, limit: machine.limit, margin: Math.max(0, machine.margin) }
    const facts = { entity: id, site: siteNames[site]!, result: resultNames[result]!, buffer, ...pool }
    if (!own) {
      if (result !== Result.ok) return
      const whole: Facts = { kind: "take", ...facts }
      return this.#add(happening, whole, () => attemptText(whole, false, false), false)
    }
    const leaves = answersOf(this.#machine, Event.dequeue).includes(entity)
    if (result === Result.held && !leaves && !isTry) return
    if (result === Result.fail) {
      const again = this.#waiter !== NONE
      if (isTry) this.#waiter = machine.waiter
      const queued = { waiter: this.#id(machine.waiter), ...this.#position.of(machine.waiter) }
      const whole: Facts = { kind: "attempt", ...facts, ...queued }
      return this.#add(happening, whole, () => attemptText(whole, again && isTry, leaves), true)
    }
    const whole: Facts = { kind: "attempt", ...facts }
    this.#add(happening, whole, () => attemptText(whole, false, leaves), true)
  }

  #release(happening: Happening): void {
    const machine = this.#machine
    const release = releaseOf(happening, machine, this.#head)
    const { facts } = release
    if (machine.offerHadSpare && !release.woken.includes(this.#target.requester)) {
      this.#spareCount++
      this.#spareRow ??= happening.row
    }
    for (const left of release.left) {
      if (left !== this.#waiter && left !== this.#target.requester) continue
      const text = () => `${this.#id(left)} leaves the queue at ${facts.site}, unserved`
      this.#add(happening, { kind: "leave", entity: this.#id(left) }, text, true)
    }
    if (facts.kind === "release") {
      if (facts.freed?.length !== 0) this.#add(happening, facts, () => releaseText(facts), false)
      return
    }
    const reached = this.#reached(release, happening.row)
    const standing = reached ? () => "" : this.#standing()
    this.#add(happening, facts, () => offerText(facts, machine.reserve, standing()), reached)
  }

  /** Whether the offer woke or skipped the requester or its stand-in, or ended the process. */
  #reached({ woken, skipped }: Release, row: number): boolean {
    const { requester } = this.#target
    const waiter = this.#waiter
    if (woken.includes(requester)) this.#wokenSelfRow = row
    if (waiter !== requester && woken.includes(waiter)) this.#wokenStandInRow = row
    const isMet = (met: number): boolean => met === requester || met === waiter
    return this.#machine.undefinedKind !== undefined || woken.some(isMet) || skipped.some(isMet)
  }

  /** Where the wait's own waiter stands now, in words. */
  #standing(): () => string {
    const at = this.#position.of(this.#waiter)
    const waiter = this.#waiter
    return () => standingText(this.#id(waiter), at)
  }

  #end(wait: Wait): void {
    this.#open = false
    const machine = this.#machine
    const { requester } = this.#target
    const text = endText(wait, {
      standing: this.#standing()(),
      idle: (machine.flags[requester]! & (Flag.waiting | Flag.ready | Flag.running)) === 0,
      wokenSelfRow: this.#wokenSelfRow,
      wokenStandInRow: this.#wokenStandInRow,
      spareRow: this.#spareRow,
      spareCount: this.#spareCount,
      undefinedKind: machine.undefinedKind,
      undefinedEntity: this.#id(machine.undefinedEntity),
    })
    const facts: Facts = { kind: "end", entity: wait.requester, result: wait.ending, waiter: wait.waiter }
    this.#tell({ row: wait.endRow, timeUs: wait.endTimeUs, facts, text: () => text, own: true })
  }
}

const standingText = (id: string, { position, queueLength }: Position): string =>
  position === undefined ? `${id} is not in the queue` : `${id} stays queued, ${place(position, queueLength)}`
