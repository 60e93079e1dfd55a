import type { RowBatch, TraceHead } from "../../domain/batch.ts"
import type { Lane as LaneDocument } from "../../domain/documents/timeline.ts"
import { NONE } from "../../domain/entity.ts"
import { Event } from "../../domain/vocabulary.ts"
import type { Wait } from "../../domain/wait.ts"
import type { Machine } from "../../replay/machine.ts"
import type { Happening } from "../../replay/observer.ts"
import { Projection } from "../../replay/projection.ts"
import type { WaitIdentity } from "../../replay/waits.ts"
import { describeChoice, type Choice } from "../../semantics/semantics.ts"
import { fidelityOf } from "../diff.ts"
import { WaitNumbers } from "../explain/waits.ts"
import type { Bounds } from "./bounds.ts"
import { firstOf, highest, Marks, sameOr, sum } from "./marks.ts"
import { PoolCurve } from "./pool-curve.ts"

/** A wait and its number in its replay: 1 for the one that begins first. */
export interface LaneWait extends Wait {
  readonly number: number
}

const offerColumns = {
  row: firstOf,
  timeUs: firstOf,
  by: sameOr(NONE),
  avail: highest,
  threshold: highest,
  woken: sum,
  skipped: sum,
  queueLength: highest,
  count: sum,
}
const wakeColumns = { row: firstOf, timeUs: firstOf, entity: firstOf, by: firstOf, classes: firstOf }

/** What one replay's marks and curves say; entities are slots still. */
export type LaneMarks = Omit<LaneDocument, "waits" | "leftOut"> & {
  readonly leftOut: Omit<LaneDocument["leftOut"], "waits" | "chains">
}

/** Replays a trace under one semantics and notes what happens when; each wait is handed on as it ends. */
export class Lane {
  /** How many waits have begun. */
  waitCount = 0
  readonly #choice: Choice
  readonly #replay: Projection
  readonly #numbers: WaitNumbers
  readonly #pool: PoolCurve
  readonly #offers: Marks<keyof typeof offerColumns>
  readonly #wakes: Marks<keyof typeof wakeColumns>
  #wakeCount = 0
  /** Nothing has been noted yet: the first row's state is to come. */
  #isFresh = true

  constructor(head: TraceHead, choice: Choice, onWait: (wait: LaneWait) => void, bounds: Bounds) {
    this.#choice = choice
    this.#pool = new PoolCurve(bounds.poolPoints)
    this.#offers = new Marks(offerColumns, bounds.offers)
    this.#wakes = new Marks(wakeColumns, bounds.wakes)
    this.#numbers = new WaitNumbers(head)
    const ended = (wait: Wait): void => onWait({ ...wait, number: this.#numbers.ended(wait).number })
    const observer = (happening: Happening): void => this.#observe(happening)
    this.#replay = new Projection(head, choice.after, ended, head.preamble, observer)
    this.#replay.waits.listener = {
      woken: (number, entity, by, classes, { row, timeUs }) => {
        this.#wakeCount = number
        if (number <= bounds.wakes) this.#wakes.add({ row, timeUs, entity, by, classes })
      },
      judged: (number, classes) => {
        if (number <= bounds.wakes) this.#wakes.columns.classes[number - 1]! |= classes
      },
    }
  }

  get waitsUnderWay(): ReadonlyArray<WaitIdentity> {
    return this.#replay.waits.underWay
  }

  run(batch: RowBatch): void {
    if (this.#isFresh && batch.rowCount > 0) this.#level(batch.firstRow, batch.timeUs[0]!)
    this.#replay.run(batch)
  }

  /** The trace has ended; what waits still is handed on. */
  end(): LaneMarks {
    this.#replay.end()
    const { departures } = this.#replay
    return {
      under: describeChoice(this.#choice),
      fidelity: fidelityOf(departures),
      firstDepartureRow: departures.firstRow,
      offers: this.#offers.columns,
      wakes: this.#wakes.columns,
      pool: this.#pool.finish(),
      leftOut: {
        offers: this.#offers.addedCount - this.#offers.count,
        wakes: this.#wakeCount - this.#wakes.count,
      },
    }
  }

  #level(row: number, timeUs: number): void {
    this.#isFresh = false
    const { used, allocated, queueLength } = this.#replay.machine
    this.#pool.note({ row, timeUs, used, allocated, queueLength })
  }

  #observe(happening: Happening): void {
    const { kind, row, timeUs } = happening
    this.#level(row, timeUs)
    if (kind === "attempt" && this.#numbers.begun(happening) !== undefined) this.waitCount++
    if (kind === "release") this.#offer(row, timeUs, this.#replay.machine)
  }

  #offer(row: number, timeUs: number, { outcomes, queueLength }: Machine): void {
    let [at, woken, skipped] = [-1, 0, 0]
    for (let i = 0; i < outcomes.count; i++) {
      const event = outcomes.event[i]
      if (event === Event.offer) at = i
      else if (event === Event.wake) woken++
      else if (event === Event.skip) skipped++
    }
    if (at < 0) return
    const [by, avail, threshold] = [outcomes.entity[at]!, outcomes.avail[at]!, outcomes.threshold[at]!]
    this.#offers.add({ row, timeUs, by, avail, threshold, woken, skipped, queueLength, count: 1 })
  }
}
