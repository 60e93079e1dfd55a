import { Effect } from "effect"
import type { SweepCell, SweepRun } from "../domain/documents.ts"
import { Projection } from "../replay/projection.ts"
import { describeChoice, type Choice } from "../semantics/semantics.ts"
import type { Tape } from "./tape.ts"

/** The pool settings and semantics to try: every limit with every reserve under every choice. */
export interface SweepPlan {
  /** 0 is no limit. */
  readonly limits: ReadonlyArray<number>
  readonly reserves: ReadonlyArray<number>
  readonly choices: ReadonlyArray<Choice>
}

/** Replays the trace with one pool setting. */
const cellOf = ({ head, batches }: Tape, limit: number, reserve: number, choice: Choice): SweepCell => {
  const endings = { waits: 0, starved: 0, undefined: 0, pending: 0 }
  // A pool cannot begin with more than its limit, nor with less than what is in use.
  const { allocated, used } = head.preamble
  const begun = limit === 0 ? allocated : Math.max(used, Math.min(allocated, limit))
  const replay = new Projection(
    head,
    choice.after,
    ({ ending }) => {
      endings.waits++
      if (ending === "starved" || ending === "undefined" || ending === "pending") endings[ending]++
    },
    { ...head.preamble, limit, reserve, allocated: begun },
  )
  for (const batch of batches) replay.run(batch)
  replay.end()
  const { inputRowCount, inPlaceRowCount } = replay.departures
  const wakes = replay.waits.wakeCounts
  return {
    limit,
    reserve,
    semantics: describeChoice(choice),
    fidelity: inputRowCount === 0 ? 1 : inPlaceRowCount / inputRowCount,
    ...endings,
    wakes: wakes.total,
    futile: wakes.futile,
    herd: wakes.herd,
  }
}

/** The smallest limit from which on no cell has any of something; null if even the largest has. */
const smallestWithout = (
  cells: ReadonlyArray<SweepCell>,
  count: (cell: SweepCell) => number,
): number | null => {
  // No limit at all is the largest one.
  const descending = cells.toSorted((a, b) => (b.limit || Infinity) - (a.limit || Infinity))
  let smallest: number | null = null
  for (const cell of descending) {
    if (count(cell) > 0) break
    smallest = cell.limit
  }
  return smallest
}

const thresholds = (cells: ReadonlyArray<SweepCell>, plan: SweepPlan): SweepRun["thresholds"] =>
  plan.choices.map(describeChoice).flatMap((semantics) =>
    plan.reserves.map((reserve) => {
      const own = cells.filter((cell) => cell.semantics === semantics && cell.reserve === reserve)
      return {
        semantics,
        reserve,
        withoutWaits: smallestWithout(own, ({ waits }) => waits),
        withoutStarvation: smallestWithout(own, (cell) => cell.starved + cell.undefined),
        withoutHerd: smallestWithout(own, ({ herd }) => herd),
      }
    }),
  )

/** Replays a trace with other pool settings. Other fibers run between any two cells. */
export const sweep = (tape: Tape, plan: SweepPlan, command: string): Effect.Effect<SweepRun> =>
  Effect.gen(function* () {
    const cells: Array<SweepCell> = []
    for (const choice of plan.choices) {
      for (const reserve of plan.reserves) {
        for (const limit of plan.limits) {
          cells.push(cellOf(tape, limit, reserve, choice))
          yield* Effect.yieldNow
        }
      }
    }
    const { limit, reserve } = tape.head.preamble
    return {
      trace: tape.head.name,
      rows: tape.rowCount,
      recorded: { limit, reserve },
      cells,
      thresholds: thresholds(cells, plan),
      command,
    }
  })
