import type { RowBatch, TraceHead } from "../domain/batch.ts"
import { NONE } from "../domain/entity.ts"
import { Event, Result, Site } from "../domain/vocabulary.ts"
import type { Wait } from "../domain/wait.ts"
import { Happenings } from "./happenings.ts"
import type { Machine, PoolSettings } from "./machine.ts"
import type { Observer } from "./observer.ts"
import { emptyStep, isIdle, loadStep, type Step, type Unit } from "./units.ts"
import type { Waits } from "./waits.ts"

/** How far a replay had to leave the recording: `outcomes.md`, "Replaying what did not happen". */
export interface Departures {
  readonly inputRowCount: number
  /** Input rows replayed at their recorded place with their recorded result. */
  readonly inPlaceRowCount: number
  readonly deferredRunCount: number
  readonly lostRunCount: number
  readonly phantomRunCount: number
  readonly mismatchCount: number
  /** The first row that was not replayed as recorded; null if all were. */
  readonly firstRow: number | null
}

/**
 * How many runs, or I/O callbacks, of one entity are kept for later, at most: one that is blocked for good must not keep
 * the trace in memory. A later one does what is left to do all at once, so that the first ones are those that count.
 */
const keptUnits = 256

/** How long an entity that is ready, but not in the recording, waits for the scheduler at most, in microseconds. */
const schedulerDelayUs = 20

/**
 * The same where the recording has no outcome rows and so does not tell whom its offers woke: whoever is ready here may be
 * ready there, and its run at hand. Longer than any task of the recordings waits in the run queue.
 */
const blindDelayUs = 100_000

/**
 * Replays a trace under a semantics that need not have made it: rows happen as recorded where they can, and the rules of
 * `outcomes.md` (sharpened in ARCHITECTURE.md) say what happens instead where they cannot. Pure and synchronous.
 */
export class Projection {
  readonly #happenings: Happenings
  readonly #step: Step = emptyStep()

  #inputRowCount = 0
  #inPlaceRowCount = 0
  #deferredRunCount = 0
  #lostRunCount = 0
  #phantomRunCount = 0
  #firstDeparture: number | undefined = undefined

  /** Per entity: whether it is in the run queue, or on the run list, in the recording. */
  #recordedReady = new Uint8Array(256)
  /** By entity: runs that could not happen where they are recorded, and I/O callbacks of streams that can't receive. */
  readonly #deferred = new Map<number, Array<Unit>>()
  readonly #held = new Map<number, Array<Unit>>()
  /** Who is ready here, but not in the recording, and since when; those before `#candidatesFrom` have had their turn. */
  #candidates: Array<{ readonly entity: number; readonly sinceUs: number }> = []
  #candidatesFrom = 0
  /** Whether the recording lacks outcome rows: known after the first allocation that fails in it. */
  #blind: boolean | undefined = undefined
  #sawFailure = false

  /** The run or I/O callback that the recording is in, and its rows where they can't happen now. */
  #within: number = NONE
  #withinIo = false
  #collecting: Unit | undefined = undefined

  /** `settings`: the pool's, where they are not to be the trace's own; `observer`: is told of all that happens. */
  constructor(
    head: TraceHead,
    after: number,
    onWait: (wait: Wait) => void,
    settings: PoolSettings = head.preamble,
    observer?: Observer,
  ) {
    const hooks = {
      onReady: (entity: number) => this.#becameReady(entity),
      onTaskRan: (task: number) => this.#receiveAgain(task),
      onFreed: (entity: number) => this.#forget(entity),
    }
    this.#happenings = new Happenings(head, settings, after, onWait, hooks, observer)
  }

  get machine(): Machine {
    return this.#happenings.machine
  }

  get waits(): Waits {
    return this.#happenings.waits
  }

  get departures(): Departures {
    return {
      inputRowCount: this.#inputRowCount,
      inPlaceRowCount: this.#inPlaceRowCount,
      deferredRunCount: this.#deferredRunCount,
      lostRunCount: this.#lostRunCount,
      phantomRunCount: this.#phantomRunCount,
      mismatchCount: this.#happenings.mismatchCount,
      firstRow: this.#firstDeparture ?? null,
    }
  }

  /** Replays one batch. */
  run(batch: RowBatch): void {
    this.#reserveRoom()
    const { machine } = this.#happenings
    const { event, site, rowCount } = batch
    for (let i = 0; i < rowCount; i++) {
      const code = event[i]!
      // A first failure is always followed by an outcome, whatever the semantics: its waiter was not queued yet.
      if (this.#sawFailure && this.#blind === undefined) this.#blind = code < Event.enqueue
      if (code === Event.alloc && batch.result[i] === Result.fail) this.#sawFailure = true
      if (code >= Event.enqueue) continue
      if (code === Event.task_wakeup || code === Event.applet_wakeup) {
        this.#recordedReady[batch.entity[i]!] = 1
        if (site[i] === Site.offer) continue
      }
      this.#inputRowCount++
      if (machine.undefinedKind !== undefined) {
        this.#depart(batch.firstRow + i)
        continue
      }
      loadStep(this.#step, batch, i)
      this.#follow(this.#step)
    }
  }

  /** The trace has ended. */
  end(): void {
    for (const units of [...this.#deferred.values(), ...this.#held.values()])
      this.#lostRunCount += units.length
    this.waits.end(this.#happenings.now)
  }

  #reserveRoom(): void {
    this.#happenings.reserveRoom()
    const room = this.machine.flags.length
    if (this.#recordedReady.length >= room) return
    const fresh = new Uint8Array(room)
    fresh.set(this.#recordedReady)
    this.#recordedReady = fresh
  }

  #depart(row: number): void {
    this.#firstDeparture ??= row
  }

  // Following the recording.

  #follow(step: Step): void {
    const { event, entity } = step
    const { now } = this.#happenings
    now.row = step.row
    now.timeUs = step.timeUs
    if (event === Event.applet_run || event === Event.alloc) this.#happenings.learn(step)
    const beginsRun = event === Event.task_run || event === Event.applet_run
    // Where the recording lacks a callback's end, it is over all the same.
    if (this.#withinIo && beginsRun) this.#leave()
    if (this.#within === NONE) {
      this.#schedule(step.timeUs, beginsRun)
      if (beginsRun) this.#beginRun(step)
      else if (event === Event.alloc && step.site === Site.recv) this.#beginIo(step)
      else this.#inPlace(step)
    } else if (this.#collecting !== undefined) {
      this.#collecting.steps.push({ ...step })
    } else if (!this.#inPlace(step)) {
      this.#abort(step)
    }
    this.#noteReadiness(step)
    if (this.#isEnd(step, entity)) this.#leave()
  }

  #isEnd(step: Step, entity: number): boolean {
    if (entity !== this.#within) return false
    if (this.#withinIo) return step.event === Event.release && step.site === Site.conn_wake
    return step.event === Event.task_done || step.event === Event.applet_done
  }

  /** Takes note of an entity that is no longer ready in the recording after this row. */
  #noteReadiness({ event, entity, result }: Step): void {
    const leaves =
      event === Event.task_unlink ||
      event === Event.applet_pause ||
      event === Event.applet_free ||
      (event === Event.applet_done && result === Result.parked)
    if (!leaves) return
    this.#recordedReady[entity] = 0
    if (this.#happenings.isReady(entity)) this.#becameReady(entity)
  }

  #beginRun(step: Step): void {
    const { entity } = step
    const isTask = step.event === Event.task_run
    this.#within = entity
    if (isTask) this.#recordedReady[entity] = 0
    const ready = this.#happenings.isReady(entity) || (isTask && this.machine.mayAdoptTask(entity))
    const { credit } = this.#happenings
    if ((ready && this.#catchUp(entity)) || credit[entity] !== 0) {
      if (!ready) this.#depart(step.row)
      credit[entity] = 0
      this.#inPlace(step)
      return
    }
    this.#depart(step.row)
    this.#collecting = { entity, steps: [{ ...step }] }
  }

  /** Lets an entity's deferred runs happen before its recorded one; false if there are some still that can't. */
  #catchUp(entity: number): boolean {
    const units = this.#deferred.get(entity)
    if (units === undefined) return true
    this.#deferred.delete(entity)
    this.#late(entity, units)
    return !this.#deferred.has(entity)
  }

  #beginIo(step: Step): void {
    const { entity } = step
    this.#within = entity
    this.#withinIo = true
    const blocked = (this.#happenings.blocked[entity]! & (1 << step.side)) !== 0
    if (blocked || this.#held.has(entity)) {
      this.#depart(step.row)
      this.#collecting = { entity, steps: [{ ...step }] }
    } else if (!this.#inPlace(step)) {
      this.#abort(step)
    }
  }

  /** A row at its recorded place; false if its allocation fails here only. */
  #inPlace(step: Step): boolean {
    const happenings = this.#happenings
    const mismatches = happenings.mismatchCount
    const agreed = happenings.happen(step)
    if (agreed && happenings.asRecorded && happenings.mismatchCount === mismatches) this.#inPlaceRowCount++
    else this.#depart(step.row)
    return agreed
  }

  /** An allocation fails here that did not in the recording: the run ends, and what was to follow must wait. */
  #abort(step: Step): void {
    const entity = this.#within
    if (this.#withinIo) {
      this.#happenings.endIoEarly(entity, step.side)
      this.#collecting = { entity, steps: [{ ...step }] }
      return
    }
    const event = this.#happenings.isApplet(entity) ? Event.applet_run : Event.task_run
    this.#happenings.endRunEarly(entity, step)
    this.#collecting = { entity, steps: [{ ...step, event, entity, owner: NONE }, { ...step }] }
  }

  /** The recording leaves the run or the callback that it was in. */
  #leave(): void {
    const unit = this.#collecting
    const io = this.#withinIo
    this.#collecting = undefined
    this.#within = NONE
    this.#withinIo = false
    if (unit === undefined) return
    if (io) this.#keep(this.#held, unit)
    else this.#defer(unit)
  }

  #defer(unit: Unit): void {
    // A run in which a stream did nothing but take and give back its work buffer leaves nothing to be done later.
    if (isIdle(unit)) {
      this.#lostRunCount++
      return
    }
    this.#deferredRunCount++
    this.#keep(this.#deferred, unit)
    if (this.#happenings.isReady(unit.entity)) this.#becameReady(unit.entity)
  }

  #keep(units: Map<number, Array<Unit>>, unit: Unit): void {
    const list = units.get(unit.entity)
    if (list === undefined) units.set(unit.entity, [unit])
    else if (list.length < keptUnits) list.push(unit)
    else this.#lostRunCount++
  }

  // What the recording does not have, or has elsewhere.

  /** An entity is ready. If it is so in the recording too, its run is at hand there. */
  #becameReady(entity: number): void {
    if (this.#recordedReady[entity] !== 0) return
    this.#candidates.push({ entity, sinceUs: this.#happenings.now.timeUs })
  }

  /** Runs who is ready here but not in the recording: when the scheduler runs there, or soon after. */
  #schedule(timeUs: number, schedulerRuns: boolean): void {
    const candidates = this.#candidates
    if (candidates.length === 0) return
    const patienceUs = this.#blind === true ? blindDelayUs : schedulerRuns ? 0 : schedulerDelayUs
    // In the order in which they became ready. Who becomes ready by these runs has its turn at the next scheduling
    // point: a ping-pong must not go on for ever.
    const from = this.#candidatesFrom
    let due = from
    while (due < candidates.length && timeUs - candidates[due]!.sinceUs >= patienceUs) due++
    if (due === from) return
    this.#dropCandidates(due)
    for (let at = from; at < due; at++) {
      const { entity } = candidates[at]!
      if (!this.#happenings.isReady(entity) || this.#recordedReady[entity] !== 0) continue
      this.#depart(this.#happenings.now.row)
      const units = this.#deferred.get(entity)
      if (units === undefined) {
        this.#phantomRunCount++
        this.#happenings.phantomRun(entity)
      } else {
        this.#deferred.delete(entity)
        this.#late(entity, units)
      }
    }
  }

  /** Those before `due` are done with. Their places are given up together: many may wait behind the few that are due. */
  #dropCandidates(due: number): void {
    const keeps = 2 * due < this.#candidates.length
    if (!keeps) this.#candidates = this.#candidates.slice(due)
    this.#candidatesFrom = keeps ? due : 0
  }

  /** Deferred runs happen now, one after the other: an entity does all that has piled up when it runs at last. */
  #late(entity: number, units: ReadonlyArray<Unit>): void {
    for (const [at, unit] of units.entries()) {
      const failedAt = unit.steps.findIndex((step) => !this.#happenings.happen(step))
      if (failedAt < 0) continue
      this.#happenings.endRunEarly(entity, unit.steps[failedAt]!)
      const rest: Unit =
        failedAt <= 1 ? unit : { entity, steps: [unit.steps[0]!, ...unit.steps.slice(failedAt)] }
      this.#deferred.set(entity, [rest, ...units.slice(at + 1), ...(this.#deferred.get(entity) ?? [])])
      return
    }
  }

  /** A stream has run: what its reception waited for is tried again. */
  #receiveAgain(stream: number): void {
    const units = this.#held.get(stream)
    if (units === undefined) return
    this.#held.delete(stream)
    for (const [at, unit] of units.entries()) {
      const failed = unit.steps.find((step) => !this.#happenings.happen(step))
      if (failed === undefined) continue
      this.#happenings.endIoEarly(stream, failed.side)
      this.#held.set(stream, units.slice(at))
      return
    }
  }

  /** An entity is freed: what it had still to do is gone. */
  #forget(entity: number): void {
    for (const units of [this.#deferred, this.#held]) {
      this.#lostRunCount += units.get(entity)?.length ?? 0
      units.delete(entity)
    }
  }
}
