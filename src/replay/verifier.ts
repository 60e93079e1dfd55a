import type { RowBatch } from "../domain/batch.ts"
import { NONE, type EntityTable } from "../domain/entity.ts"
import type { Deviation, DeviationKind, Undefined } from "../domain/verdict.ts"
import * as vocabulary from "../domain/vocabulary.ts"
import { bitOf, type PartName } from "../semantics/registry.ts"
import { partOfOutcome, partOfSite } from "./blame.ts"
import { outcomeText, rowText } from "./describe.ts"
import * as machines from "./machine.ts"

// V8 folds a constant of this module into the code of a loop, but reads an imported binding anew at each use.
const { BufferState, Event, Kind, Present, Result, Side, Site, bufferStateNames, eventNames, resultNames } =
  vocabulary
const { Flag, Machine } = machines

const counters = Present.allocated | Present.used | Present.taskRq | Present.appletRq

/** How far a recorded outcome is looked for among those awaited: a long queue must not be walked for each of its entries. */
const lookAhead = 64

/** Before the first run of a trace begins, one may be under way; {@link NONE} is none. */
const unknownRun = -2

/** By a recorded buffer state: the flags that a machine has then. */
const reqFlags = new Uint16Array([0, 0, Flag.req, Flag.req | Flag.reqData])
const resFlags = new Uint16Array([0, 0, Flag.res, Flag.res | Flag.resData])
const heldFlags = Flag.req | Flag.res
const dataFlags = Flag.reqData | Flag.resData

/** 0 if a machine's counters are the recorded ones, and all are recorded; `absent` are those that are not. */
const counterDifference = (
  machine: machines.Machine,
  allocated: number,
  used: number,
  taskRq: number,
  appletRq: number,
  absent: number,
): number =>
  (machine.allocated ^ allocated) |
  (machine.used ^ used) |
  (machine.taskRq ^ taskRq) |
  (machine.appletRq ^ appletRq) |
  absent

/**
 * Replays a trace's input rows under one semantics and compares what it predicts with what is recorded, row by row:
 * outcomes.md, "Verdicts of a verification". State in, batches in, deviations out; pure and synchronous.
 *
 * After a deviation it goes on from its own state and counts the rest: only the first is sure to be a cause.
 */
export class Verifier {
  readonly machine: machines.Machine
  deviationCount = 0
  first: Deviation | undefined = undefined
  /** Those among the deviations that are outcomes which the trace lacks, and the first of the others. */
  missingCount = 0
  firstOther: Deviation | undefined = undefined
  undefined: Undefined | undefined = undefined
  /** How many rows came after the undefined one: they are not judged. */
  unjudgedRowCount = 0
  outcomeRowCount = 0
  rowCount = 0
  /** How many of `machine.outcomes` have been matched with recorded rows so far. */
  #cursor = 0
  /** The input row whose outcomes are awaited: its site, for naming the part. */
  #causeSite = 0
  #lastReleaseSite = 0
  /** An input row has come after the undefined one: no row is judged any more. */
  #over = false
  /** Whose run is under way: HAProxy of these branches has one thread. */
  #running: number = unknownRun
  /** By kind, as bits: named by the trace so far, and created by the first row that named one. */
  #named = 0
  #createdFromStart = 0
  readonly #startsEmpty: boolean
  readonly #entities: EntityTable
  readonly #countsApplets: boolean

  constructor(
    settings: machines.PoolSettings & { readonly countsApplets: boolean },
    after: number,
    entities: EntityTable,
  ) {
    this.machine = new Machine(settings, after, entities)
    this.#entities = entities
    this.#startsEmpty = settings.used === 0
    this.#countsApplets = settings.countsApplets
  }

  /** Makes this verifier's state equal to another's of the same trace; the semantics stays this one's own. */
  copyFrom(other: Verifier): void {
    this.machine.copyFrom(other.machine)
    this.deviationCount = other.deviationCount
    this.first = other.first
    this.missingCount = other.missingCount
    this.firstOther = other.firstOther
    this.undefined = other.undefined
    this.unjudgedRowCount = other.unjudgedRowCount
    this.outcomeRowCount = other.outcomeRowCount
    this.rowCount = other.rowCount
    this.#cursor = other.#cursor
    this.#causeSite = other.#causeSite
    this.#lastReleaseSite = other.#lastReleaseSite
    this.#running = other.#running
    this.#named = other.#named
    this.#createdFromStart = other.#createdFromStart
    this.#over = other.#over
  }

  /** Whether another verifier of the same trace will say the same of every row to come, if both choose alike. */
  sameStateAs(other: Verifier): boolean {
    return (
      this.machine.outcomes.count === this.#cursor &&
      other.machine.outcomes.count === other.#cursor &&
      this.undefined === undefined &&
      other.undefined === undefined &&
      this.machine.sameStateAs(other.machine)
    )
  }

  /**
   * Replays and compares one batch; with `stopAtFirst`, only up to the first deviation.
   *
   * This is the loop that every row goes through: the events that make up nine tenths of a trace are handled here, with
   * the columns in locals, as long as what is recorded is what is predicted.
   */
  run(batch: RowBatch, stopAtFirst = false): void {
    const { machine } = this
    if (this.#over) {
      this.rowCount += batch.rowCount
      this.unjudgedRowCount += batch.rowCount
      return
    }
    machine.reserveRoom()
    const { flags, outcomes } = machine
    const { rowCount, event, entity, owner, site, side, margin, req, res, result } = batch
    const { allocated, used, taskRq, appletRq, present } = batch
    const differ = (i: number): boolean =>
      counterDifference(
        machine,
        allocated[i]!,
        used[i]!,
        taskRq[i]!,
        appletRq[i]!,
        ~present[i]! & counters,
      ) !== 0
    for (let i = 0; i < rowCount; i++) {
      const code = event[i]!
      if (
        code >= Event.enqueue ||
        ((code === Event.task_wakeup || code === Event.applet_wakeup) && site[i] === Site.offer)
      ) {
        this.outcomeRowCount++
        this.#outcome(batch, i)
        if (stopAtFirst && this.deviationCount !== 0) return
        continue
      }
      if (this.#cursor !== outcomes.count) this.#missing(batch, i)
      if (this.undefined !== undefined) {
        this.#over = true
        this.unjudgedRowCount += rowCount - i
        break
      }
      outcomes.count = 0
      this.#cursor = 0
      const actor = entity[i]!
      switch (code) {
        case Event.release: {
          if (differ(i)) this.#compareCounters(batch, i)
          const of = owner[i]!
          const place = site[i]!
          this.#causeSite = place
          const before = flags[of]!
          const shown = reqFlags[req[i]!]! | resFlags[res[i]!]!
          if (req[i] !== 0 && res[i] !== 0 && ((before ^ shown) & heldFlags) === 0) {
            flags[of] = (before & ~dataFlags) | shown
          } else {
            this.#compareStates(batch, i)
          }
          if (
            place === Site.applet_end
              ? !this.#runsFor(actor, of)
              : place === Site.stream_end && !this.#runs(actor)
          ) {
            this.#impossible(batch, i, "an entity that runs, with the owner of its run")
          }
          if (!machine.release(actor, of, place, side[i]!)) {
            this.#impossible(batch, i, "a SPOE context that holds its buffer")
          }
          if ((flags[of]! & Flag.seen) === 0) this.#mention(batch, i, of)
          this.#lastReleaseSite = place
          if (machine.undefinedKind !== undefined) this.#undefine(batch, i, machine.undefinedKind)
          break
        }
        case Event.alloc: {
          const of = owner[i]!
          const place = site[i]!
          const recorded = result[i]!
          this.#causeSite = place
          if (recorded === Result.held && machine.unknownBuffers > 0) this.#adoptHeld(batch, i)
          if (place === Site.applet ? !this.#runsFor(actor, of) : place === Site.work && !this.#runs(actor)) {
            this.#impossible(batch, i, "an entity that runs, with the owner of its run")
          }
          const predicted = machine.alloc(actor, of, place, side[i]!)
          if ((flags[of]! & Flag.seen) === 0) this.#mention(batch, i, of)
          if (predicted !== recorded || machine.margin !== margin[i]) this.#allocDiffers(batch, i, predicted)
          if (differ(i)) this.#compareCounters(batch, i)
          break
        }
        case Event.task_wakeup: {
          if (differ(i)) this.#compareCounters(batch, i)
          const recorded = result[i]!
          if (recorded === Result.already && machine.mayAdoptTask(actor)) machine.adoptTask(actor)
          const predicted = machine.wakeTask(actor)
          if (predicted !== recorded) this.#resultDiffers(batch, i, "wakeup-result", predicted, null)
          break
        }
        case Event.task_run: {
          if (!machine.runTask(actor)) this.#impossible(batch, i, "a task that is in the run queue")
          if (this.#running >= 0) this.#impossible(batch, i, "one run at a time")
          this.#running = actor
          if (differ(i)) this.#compareCounters(batch, i)
          break
        }
        case Event.task_done: {
          if (this.#running !== actor) this.#endsAnother(batch, i)
          this.#running = NONE
          machine.endTask(actor, result[i] === Result.freed)
          if (differ(i)) this.#compareCounters(batch, i)
          break
        }
        default: {
          this.#rareInput(batch, i, code, actor)
        }
      }
      if (actor !== NONE && (flags[actor]! & Flag.seen) === 0) this.#mention(batch, i, actor)
      if (stopAtFirst && this.deviationCount !== 0) return
    }
    this.rowCount += rowCount
  }

  /**
   * The trace ends amid the outcomes of its last row, just where the process would have died if it lacked a part of the
   * fix: what has not come is missing. `batch` is the last one.
   */
  diedFor(part: PartName, batch: RowBatch): void {
    const { outcomes } = this.machine
    for (; this.#cursor < outcomes.count; this.#cursor++) {
      const expected = outcomeText(outcomes, this.#cursor, this.#entities)
      this.#deviation(batch, batch.rowCount - 1, "missing-outcome", expected, "the end of the trace", part)
    }
  }

  /**
   * How many outcomes of the last input row have not come yet. At the end of a trace they are no deviation: a recording may
   * be stopped, or cut, between any two rows.
   */
  get awaitedCount(): number {
    return this.machine.outcomes.count - this.#cursor
  }

  // Input rows.

  /** A run ends that is not under way: at the beginning of a trace it may have begun before it. */
  #endsAnother(batch: RowBatch, i: number): void {
    if (this.#running !== unknownRun) this.#impossible(batch, i, "the end of the run that is under way")
  }

  #runs(entity: number): boolean {
    return this.#running === entity || this.#running === unknownRun
  }

  /** Whether an applet is in a run for that stream. */
  #runsFor(applet: number, owner: number): boolean {
    if (this.#running === unknownRun) return true
    return this.#running === applet && this.machine.streamOf[applet] === owner
  }

  /**
   * An entity's first row. Where the trace has its beginning, that creates it: nothing was in use before, and the first
   * stream, applet or SPOE context that the trace named was created in it. Plain tasks are not created in a trace.
   */
  #mention(batch: RowBatch, i: number, entity: number): void {
    const { flags } = this.machine
    if (flags[entity]! & Flag.seen) return
    flags[entity]! |= Flag.seen
    const kind = this.#entities.kind[entity]!
    if (kind === Kind.task || !this.#startsEmpty) return
    const event = batch.event[i]!
    const created =
      entity === batch.entity[i] &&
      (event === Event.stream_new || event === Event.applet_new || event === Event.spoe_new)
    const bit = 1 << kind
    if ((this.#named & bit) === 0) {
      this.#named |= bit
      if (created) this.#createdFromStart |= bit
    } else if (!created && (this.#createdFromStart & bit) !== 0) {
      this.#impossible(batch, i, `an id that the trace has created, not ${this.#entities.id(entity)}`)
    }
  }

  /** The events that the loop leaves to others. */
  #rareInput(batch: RowBatch, i: number, code: number, entity: number): void {
    const { machine } = this
    switch (code) {
      case Event.task_unlink: {
        machine.unqueueTask(entity)
        break
      }
      case Event.applet_wakeup: {
        const predicted = machine.wakeApplet(entity)
        if (predicted !== batch.result[i]) this.#resultDiffers(batch, i, "wakeup-result", predicted, null)
        break
      }
      case Event.applet_pause: {
        machine.pauseApplet(entity)
        break
      }
      case Event.applet_run: {
        if ((machine.flags[entity]! & Flag.ready) === 0) {
          this.#impossible(batch, i, "an applet that is on the run list")
        }
        if (this.#running >= 0) this.#impossible(batch, i, "one run at a time")
        this.#running = entity
        machine.runApplet(entity)
        machine.streamOf[entity] = batch.owner[i]!
        this.#mention(batch, i, batch.owner[i]!)
        break
      }
      case Event.applet_done: {
        if (this.#running !== entity) this.#endsAnother(batch, i)
        this.#running = NONE
        const parked = machine.endApplet(entity)
        if (parked !== (batch.result[i] === Result.parked)) {
          this.#deviation(
            batch,
            i,
            "parked",
            parked ? "parked" : "not parked",
            resultNames[batch.result[i]!]!,
            "applet-runs",
          )
        }
        break
      }
      case Event.applet_free: {
        this.#causeSite = Site.applet_free
        machine.freeApplet(entity)
        break
      }
      case Event.spoe_free: {
        this.#causeSite = Site.spoe_free
        machine.freeSpoeContext(entity)
        break
      }
      case Event.pool: {
        machine.setPool(batch.allocated[i]!, batch.used[i]!)
        break
      }
      case Event.stream_new:
      case Event.applet_new:
      case Event.spoe_new: {
        if (machine.flags[entity]! & Flag.seen) this.#impossible(batch, i, "an id that is new to the trace")
        machine.create(entity)
        break
      }
    }
  }

  /** The walk of an offer reached what C does not define: where the trace would show it. */
  #undefine(batch: RowBatch, i: number, kind: Undefined["kind"]): void {
    const { machine } = this
    const row = batch.firstRow + i + machine.outcomes.count - this.#cursor
    this.undefined = { row, kind, entity: this.#entities.id(machine.undefinedEntity) }
  }

  /** A buffer that the trace shows as held may have been so since before the trace began. */
  #adoptHeld(batch: RowBatch, i: number): void {
    const { machine } = this
    const side = batch.side[i]!
    const holder = side === Side.own ? batch.entity[i]! : batch.owner[i]!
    if (machine.mayAdoptBuffer(holder, side)) machine.adoptBuffer(holder, side)
  }

  #allocDiffers(batch: RowBatch, i: number, predicted: number): void {
    const { machine } = this
    const site = batch.site[i]!
    const recorded = batch.result[i]!
    if (predicted === 0) {
      this.#deviation(
        batch,
        i,
        "alloc-site",
        "no allocation at this site",
        resultNames[recorded]!,
        "lua-alloc",
      )
      return
    }
    if (machine.margin !== batch.margin[i]) {
      this.#deviation(
        batch,
        i,
        "alloc-margin",
        `margin ${machine.margin}`,
        `margin ${batch.margin[i]!}`,
        site === Site.spoe ? "spoe-margin" : null,
      )
    }
    if (predicted !== recorded) {
      this.#resultDiffers(
        batch,
        i,
        "alloc-result",
        predicted,
        site === Site.spoe ? "spoe-margin" : this.#suspect(),
      )
    }
  }

  #compareStates(batch: RowBatch, i: number): void {
    const owner = batch.owner[i]!
    const req = batch.req[i]!
    if (req !== 0) this.#state(batch, i, owner, Side.req, req)
    const res = batch.res[i]!
    if (res !== 0) this.#state(batch, i, owner, Side.res, res)
  }

  /** Compares one channel's recorded state before a release with the replayed one, and takes note of its content. */
  #state(batch: RowBatch, i: number, owner: number, side: number, recorded: number): void {
    const machine = this.machine
    const bit = side === Side.req ? Flag.req : Flag.res
    let held = (machine.flags[owner]! & bit) !== 0
    if (!held && recorded !== BufferState.none && machine.mayAdoptBuffer(owner, side)) {
      machine.adoptBuffer(owner, side)
      held = true
    }
    if (held !== (recorded !== BufferState.none)) {
      const name = side === Side.req ? "req" : "res"
      this.#deviation(
        batch,
        i,
        "buffer-state",
        `${name} ${held ? "allocated" : "none"}`,
        `${name} ${bufferStateNames[recorded]!}`,
        this.#suspect(),
      )
    }
    if (recorded !== BufferState.none) machine.observe(owner, side, recorded === BufferState.data)
  }

  /** The part that spoke at the last release: what a wrong buffer or counter most likely comes from. */
  #suspect(): string | null {
    return partOfSite(this.#lastReleaseSite)
  }

  #compareCounters(batch: RowBatch, i: number): void {
    const present = batch.present[i]!
    if ((present & counters) === 0) return
    const machine = this.machine
    if (
      (machine.allocated === batch.allocated[i] || (present & Present.allocated) === 0) &&
      (machine.used === batch.used[i] || (present & Present.used) === 0) &&
      (machine.taskRq === batch.taskRq[i] || (present & Present.taskRq) === 0) &&
      (machine.appletRq === batch.appletRq[i] || (present & Present.appletRq) === 0 || !this.#countsApplets)
    ) {
      return
    }
    this.#counterDiffers(batch, i, machine.taskRq, machine.appletRq)
  }

  #counterDiffers(batch: RowBatch, i: number, taskRq: number, appletRq: number): void {
    const { machine } = this
    const compared = [
      ["allocated", Present.allocated, machine.allocated, batch.allocated[i]!],
      ["used", Present.used, machine.used, batch.used[i]!],
      ["task_rq", Present.taskRq, taskRq, batch.taskRq[i]!],
      ["applet_rq", this.#countsApplets ? Present.appletRq : 0, appletRq, batch.appletRq[i]!],
    ] as const
    const wrong = compared.filter(
      ([, bit, mine, theirs]) => (batch.present[i]! & bit) !== 0 && mine !== theirs,
    )
    const text = (at: 2 | 3) => wrong.map((counter) => `${counter[0]} ${counter[at]}`).join(", ")
    this.#deviation(batch, i, "counter", text(2), text(3), this.#suspect())
  }

  // Outcome rows.

  #outcome(batch: RowBatch, i: number): void {
    const outcomes = this.machine.outcomes
    const at = this.#cursor
    if (at < outcomes.count && this.#matches(batch, i, at)) {
      this.#cursor = at + 1
      return
    }
    if (this.undefined !== undefined && at === outcomes.count) {
      this.#afterUndefined(batch, i)
      return
    }
    // The recorded row may be a later one of those awaited: then those before it are missing.
    for (let later = at + 1, end = Math.min(outcomes.count, at + lookAhead); later < end; later++) {
      if (!this.#matches(batch, i, later)) continue
      for (; this.#cursor < later; this.#cursor++) this.#missingOne(batch, i)
      this.#cursor = later + 1
      return
    }
    if (at < outcomes.count && outcomes.event[at] === batch.event[i]) {
      const expected = outcomeText(outcomes, at, this.#entities)
      this.#deviation(batch, i, "outcome-differs", expected, rowText(batch, i), this.#partOf(at, batch, i))
      this.#cursor = at + 1
      return
    }
    const expected = at < outcomes.count ? outcomeText(outcomes, at, this.#entities) : "no outcome"
    this.#deviation(batch, i, "unexpected-outcome", expected, rowText(batch, i), this.#partOf(at, batch, i))
  }

  /**
   * The walk reached what C does not define, and the trace goes on with it. A trace in which that very SPOE context is
   * woken was not made by code that takes it for a stream; of anything else nothing can be said.
   */
  #afterUndefined(batch: RowBatch, i: number): void {
    const { machine } = this
    if (machine.undefinedKind === "type-confusion" && batch.entity[i] === machine.undefinedEntity) {
      this.#deviation(batch, i, "unexpected-outcome", "type confusion", rowText(batch, i), "spoe-waiter")
      return
    }
    this.unjudgedRowCount++
  }

  /** Whether a recorded outcome row is the predicted one. */
  #matches(batch: RowBatch, i: number, at: number): boolean {
    const outcomes = this.machine.outcomes
    const event = outcomes.event[at]
    if (event !== batch.event[i]) return false
    const entity = batch.entity[i]!
    if (event === Event.offer) {
      return (
        (outcomes.entity[at] === entity || (entity === NONE && this.#fromIsFree())) &&
        outcomes.avail[at] === batch.avail[i] &&
        outcomes.threshold[at] === batch.threshold[i]
      )
    }
    if (outcomes.entity[at] !== entity) return false
    if (event === Event.wake) return true
    if (event === Event.enqueue || event === Event.dequeue) return outcomes.detail[at] === batch.site[i]
    if (outcomes.detail[at] !== batch.result[i]) return false
    if (event === Event.task_wakeup) {
      const present = batch.present[i]!
      const { machine } = this
      return (
        ((present & Present.allocated) === 0 || machine.allocated === batch.allocated[i]) &&
        ((present & Present.used) === 0 || machine.used === batch.used[i]) &&
        ((present & Present.taskRq) === 0 || outcomes.avail[at]! >>> 0 === batch.taskRq[i]) &&
        ((present & Present.appletRq) === 0 ||
          !this.#countsApplets ||
          outcomes.threshold[at] === batch.appletRq[i])
      )
    }
    return true
  }

  /** Where no entry is passed over for being `from`, a build may or may not know who offers. */
  #fromIsFree(): boolean {
    return (this.machine.after & bitOf["offer-skips-self"]) === 0
  }

  /** Outcomes are awaited, but the next row is an input (or the trace ends): each is missing. */
  #missing(batch: RowBatch, i: number): void {
    const { outcomes } = this.machine
    for (; this.#cursor < outcomes.count; this.#cursor++) this.#missingOne(batch, i)
  }

  #missingOne(batch: RowBatch, i: number): void {
    if (this.first !== undefined) {
      // Only the first is told; a long queue must not cost a text an entry.
      this.deviationCount++
      this.missingCount++
      return
    }
    const at = this.#cursor
    const expected = outcomeText(this.machine.outcomes, at, this.#entities)
    this.#deviation(batch, i, "missing-outcome", expected, rowText(batch, i), this.#partOf(at, batch, i))
  }

  /** The part whose rule predicted, or failed to predict, an outcome. */
  #partOf(at: number, batch: RowBatch, i: number): string | null {
    return partOfOutcome(this.machine.outcomes, at, batch, i, this.#causeSite, this.#lastReleaseSite)
  }

  // Deviations.

  #impossible(batch: RowBatch, i: number, expected: string): void {
    this.#deviation(batch, i, "impossible", expected, rowText(batch, i), null)
  }

  #resultDiffers(
    batch: RowBatch,
    i: number,
    kind: DeviationKind,
    predicted: number,
    part: string | null,
  ): void {
    this.#deviation(batch, i, kind, resultNames[predicted]!, resultNames[batch.result[i]!]!, part)
  }

  #deviation(
    batch: RowBatch,
    i: number,
    kind: DeviationKind,
    expected: string,
    recorded: string,
    part: string | null,
  ): void {
    this.deviationCount++
    if (kind === "missing-outcome") this.missingCount++
    if (this.first !== undefined && (kind === "missing-outcome" || this.firstOther !== undefined)) return
    const deviation: Deviation = {
      row: batch.firstRow + i,
      line: batch.line[i]!,
      timeUs: batch.timeUs[i]!,
      event: eventNames[batch.event[i]!]!,
      entity: this.#entities.id(batch.entity[i]!),
      kind,
      expected,
      recorded,
      part,
    }
    this.first ??= deviation
    if (kind !== "missing-outcome") this.firstOther ??= deviation
  }
}
