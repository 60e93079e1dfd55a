import { openBatch, type OpenBatch, type RowBatch, type TraceHead } from "../../domain/batch.ts"
import { NONE } from "../../domain/entity.ts"
import { Event, Present, Result, Site } from "../../domain/vocabulary.ts"
import type { Machine } from "../../replay/machine.ts"
import { bitOf } from "../../semantics/registry.ts"
import type { PinnedRow } from "./pin.ts"

const capacity = 1024
const numbers = ["avail", "threshold", "allocated", "used", "taskRq", "appletRq"] as const

/** The columns of a row that the caller knows; the rest is empty. */
export interface Row {
  readonly event: number
  readonly entity: number
  readonly owner?: number
  readonly site?: number
  readonly side?: number
  readonly result?: number
  readonly req?: number
  readonly res?: number
}

/**
 * Writes down what a machine does, as the probes of `trace-format.md` would: counters before or after a row's effect,
 * whichever its event has, and the outcomes behind the row that caused them, at its time.
 */
export class Transcript {
  rowCount = 0
  timeUs = 0
  readonly #head: TraceHead
  readonly #machine: Machine
  readonly #full: Array<RowBatch> = []
  #batch: OpenBatch
  #taskRq = 0
  #appletRq = 0

  constructor(head: TraceHead, machine: Machine) {
    this.#head = head
    this.#machine = machine
    this.#batch = openBatch(head, capacity, 0)
  }

  /** All rows; a trace without any has a batch all the same, for its head. */
  get batches(): ReadonlyArray<RowBatch> {
    return [...this.#full, this.#batch]
  }

  /** An input row with the machine's counters of now, as far as they are `observed`. */
  write(row: Row, observed: number): void {
    const { taskRq, appletRq } = this.#machine
    this.#write(row, observed, taskRq, appletRq)
  }

  /** The result of the row written last, where it is known only after its effect. */
  result(result: number): void {
    const batch = this.#batch
    batch.result[batch.rowCount - 1] = result
  }

  margin(margin: number): void {
    const batch = this.#batch
    batch.margin[batch.rowCount - 1] = margin
    batch.present[batch.rowCount - 1]! |= Present.margin
  }

  /** Rows as they were recorded instead of all since the transcript had `rowCount` rows. */
  replace(rowCount: number, rows: ReadonlyArray<PinnedRow>): void {
    // What is replaced may have filled a batch: those behind it are dropped.
    while (this.#batch.firstRow > rowCount) this.#batch = this.#full.pop()!
    this.#batch.rowCount = rowCount - this.#batch.firstRow
    this.rowCount = rowCount
    for (const row of rows) {
      this.#write(row, 0, 0, 0)
      const batch = this.#batch
      const i = batch.rowCount - 1
      batch.present[i] = row.present
      for (const name of ["margin", ...numbers] as const) batch[name][i] = row[name]
    }
  }

  /** To be called before what may have outcomes. */
  before(): void {
    this.#machine.outcomes.count = 0
    this.#taskRq = this.#machine.taskRq
    this.#appletRq = this.#machine.appletRq
  }

  /** The outcomes since {@link before}. */
  outcomes(observed: number): void {
    const { outcomes, after } = this.#machine
    for (let at = 0; at < outcomes.count; at++) {
      const event = outcomes.event[at]!
      const detail = outcomes.detail[at]!
      const row = { event, entity: outcomes.entity[at]! }
      const write = (more: Partial<Row>) =>
        this.#write({ ...row, ...more }, observed, this.#taskRq, this.#appletRq)
      switch (event) {
        case Event.enqueue:
        case Event.dequeue: {
          write({ site: detail })
          break
        }
        case Event.offer: {
          // Code that does not ask who offers does not know it.
          write(after & bitOf["offer-skips-self"] ? {} : { entity: NONE })
          this.#offer(outcomes.avail[at]!, outcomes.threshold[at]!)
          break
        }
        case Event.skip:
        case Event.wake: {
          write({ result: detail })
          break
        }
        default: {
          write({ site: Site.offer, result: detail })
          if (detail !== Result.queued) break
          if (event === Event.task_wakeup) this.#taskRq++
          else this.#appletRq++
        }
      }
    }
  }

  #offer(avail: number, threshold: number): void {
    const batch = this.#batch
    const i = batch.rowCount - 1
    batch.avail[i] = avail
    batch.threshold[i] = threshold
    batch.present[i]! |= Present.avail | Present.threshold
  }

  #write(row: Row, observed: number, taskRq: number, appletRq: number): void {
    if (this.#batch.rowCount === capacity) {
      this.#full.push(this.#batch)
      this.#batch = openBatch(this.#head, capacity, this.rowCount)
    }
    const batch = this.#batch
    const i = batch.rowCount++
    batch.line[i] = this.#head.preamble.entries.length + 3 + this.rowCount++
    batch.timeUs[i] = this.timeUs
    batch.event[i] = row.event
    batch.entity[i] = row.entity
    batch.owner[i] = row.owner ?? NONE
    batch.site[i] = row.site ?? 0
    batch.side[i] = row.side ?? 0
    batch.req[i] = row.req ?? 0
    batch.res[i] = row.res ?? 0
    batch.result[i] = row.result ?? 0
    batch.present[i] = observed
    if (observed & Present.allocated) batch.allocated[i] = this.#machine.allocated
    if (observed & Present.used) batch.used[i] = this.#machine.used
    if (observed & Present.taskRq) batch.taskRq[i] = taskRq
    // A build that does not count its applets records nothing but zeros.
    if (observed & Present.appletRq) batch.appletRq[i] = this.#head.preamble.countsApplets ? appletRq : 0
  }
}
