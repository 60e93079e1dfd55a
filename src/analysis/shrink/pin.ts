import { isOutcome } from "../../domain/row-forms.ts"
import type { Deviation } from "../../domain/verdict.ts"
import type { Machine } from "../../replay/machine.ts"
import type { Tape } from "../tape.ts"
import { framedRows, type Script } from "./script.ts"

/** One recorded row, with its numbers as differences from what the machine has after the input row of it has happened. */
export interface PinnedRow {
  readonly event: number
  readonly entity: number
  readonly owner: number
  readonly site: number
  readonly side: number
  readonly req: number
  readonly res: number
  readonly result: number
  readonly margin: number
  readonly avail: number
  readonly threshold: number
  readonly allocated: number
  readonly used: number
  readonly taskRq: number
  readonly appletRq: number
  readonly present: number
}

/**
 * The input row at which a trace deviates first, or whose outcomes do, as it is recorded: for a deviation that no semantics
 * explains. Up to there the trace is what the semantics predicts, and can be made anew by it.
 */
export interface Pin {
  readonly step: number
  readonly rows: ReadonlyArray<PinnedRow>
}

/** What an offer would find: outcomes.md, "Offering". */
export const availOf = ({ allocated, used, reserve }: Machine): number =>
  (allocated - used - (reserve >>> 1)) | 0

/**
 * The pin of a deviation, with the numbers as recorded; undefined where it shows at the row that creates an entity, which a
 * script does not hold.
 */
export const recordedPin = (trace: Tape, script: Script, deviation: Deviation): Pin | undefined => {
  // An outcome that is missing shows at the next input row: what is pinned is the row before it.
  const last = deviation.kind === "missing-outcome" ? deviation.row - 1 : deviation.row
  const step = script.steps.findLastIndex(({ row }) => row <= last)
  if (step < 0) return undefined
  const first = script.steps[step]!.row
  const rows: Array<PinnedRow> = []
  for (const { batch, i } of framedRows(trace, first, last)) {
    if (rows.length > 0 && !isOutcome(batch.event[i]!, batch.site[i]!)) break
    rows.push({
      event: batch.event[i]!,
      entity: batch.entity[i]!,
      owner: batch.owner[i]!,
      site: batch.site[i]!,
      side: batch.side[i]!,
      req: batch.req[i]!,
      res: batch.res[i]!,
      result: batch.result[i]!,
      margin: batch.margin[i]!,
      avail: batch.avail[i]!,
      threshold: batch.threshold[i]!,
      allocated: batch.allocated[i]!,
      used: batch.used[i]!,
      taskRq: batch.taskRq[i]!,
      appletRq: batch.appletRq[i]!,
      present: batch.present[i]!,
    })
  }
  return { step, rows }
}

/** The same with its numbers as differences from those of a machine to which the whole script has happened up to there. */
export const relativePin = ({ step, rows }: Pin, machine: Machine): Pin => ({
  step,
  rows: rows.map((row) => moved(row, machine, -1)),
})

/** A pinned row's numbers, towards a machine's (1) or away from them (-1). */
export const moved = (row: PinnedRow, machine: Machine, sign: 1 | -1): PinnedRow => ({
  ...row,
  avail: row.avail + sign * availOf(machine),
  threshold: row.threshold + sign * machine.taskRq,
  allocated: row.allocated + sign * machine.allocated,
  used: row.used + sign * machine.used,
  taskRq: row.taskRq + sign * machine.taskRq,
  appletRq: row.appletRq + sign * machine.appletRq,
})
