import type { RowBatch } from "../domain/batch.ts"
import { Event, Result, Site } from "../domain/vocabulary.ts"

/** One input row, out of its batch: what a replay needs of it to let it happen at another place. */
export interface Step {
  event: number
  entity: number
  owner: number
  site: number
  side: number
  req: number
  res: number
  result: number
  /** Of a `pool` row. */
  allocated: number
  used: number
  row: number
  timeUs: number
}

export const emptyStep = (): Step => ({
  event: 0,
  entity: -1,
  owner: -1,
  site: 0,
  side: 0,
  req: 0,
  res: 0,
  result: 0,
  allocated: 0,
  used: 0,
  row: 0,
  timeUs: 0,
})

/** Reads row `i` of a batch into `step`. */
export const loadStep = (step: Step, batch: RowBatch, i: number): void => {
  step.event = batch.event[i]!
  step.entity = batch.entity[i]!
  step.owner = batch.owner[i]!
  step.site = batch.site[i]!
  step.side = batch.side[i]!
  step.req = batch.req[i]!
  step.res = batch.res[i]!
  step.result = batch.result[i]!
  step.allocated = batch.allocated[i]!
  step.used = batch.used[i]!
  step.row = batch.firstRow + i
  step.timeUs = batch.timeUs[i]!
}

/** A run, or an I/O callback, that could not happen where it is recorded: its rows, in their order. */
export interface Unit {
  /** Who runs; of an I/O callback, the stream. */
  readonly entity: number
  readonly steps: Array<Step>
}

/** Whether a stream's run holds nothing but its work buffer's coming and going. */
export const isIdle = (unit: Unit): boolean =>
  unit.steps.every(
    ({ event, site, result }) =>
      event === Event.task_run ||
      (event === Event.task_done && result !== Result.freed) ||
      (event === Event.alloc && site === Site.work) ||
      (event === Event.release && site === Site.stream_end),
  )
