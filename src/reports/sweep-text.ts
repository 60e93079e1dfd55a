import type { SweepCell, SweepRun } from "../domain/documents.ts"
import type { Style } from "../domain/style.ts"
import { inert } from "../domain/text.ts"
import { columns, counted, indent, share } from "./layout.ts"

/** One sweep for the terminal: a table a semantics and reserve, and the limits at which things begin. */
export const sweepText = (run: SweepRun, style: Style): string =>
  [
    `${style.bold(inert(run.trace))}  ${counted(run.rows, "row")}, recorded with limit ${run.recorded.limit}, reserve ${run.recorded.reserve}`,
    ...run.thresholds.flatMap((threshold) => ["", ...indent(oneTable(run, threshold, style))]),
  ].join("\n")

type Threshold = SweepRun["thresholds"][number]

const oneTable = (run: SweepRun, threshold: Threshold, style: Style): ReadonlyArray<string> => {
  const { semantics, reserve } = threshold
  const cells = run.cells.filter((cell) => cell.semantics === semantics && cell.reserve === reserve)
  const header = ["limit", "waits", "starved", "undefined", "pending", "wakes", "futile", "herd", "fidelity"]
  const rows = cells.map((cell) => [
    `${limitText(cell.limit)}${isRecorded(cell, run) ? "*" : " "}`,
    `${cell.waits}`,
    alarm(cell.starved, style),
    alarm(cell.undefined, style),
    `${cell.pending}`,
    `${cell.wakes}`,
    `${cell.futile}`,
    alarm(cell.herd, style),
    cell.fidelity < 0.5 ? style.yellow(share(cell.fidelity)) : share(cell.fidelity),
  ])
  return [
    `${style.cyan(semantics)}, reserve ${reserve}: ${sentence(threshold)}`,
    ...indent(
      columns(
        [header.map((word) => style.bold(word)), ...rows],
        header.map(() => "right" as const),
      ),
    ),
  ]
}

const isRecorded = (cell: SweepCell, { recorded }: SweepRun): boolean =>
  cell.limit === recorded.limit && cell.reserve === recorded.reserve

const limitText = (limit: number): string => (limit === 0 ? "none" : `${limit}`)

const alarm = (count: number, style: Style): string => (count > 0 ? style.red(`${count}`) : `${count}`)

const sentence = ({ withoutWaits, withoutStarvation, withoutHerd }: Threshold): string =>
  [
    from(withoutStarvation, "no starvation"),
    from(withoutHerd, "no herd"),
    from(withoutWaits, "no waits"),
  ].join(", ")

const from = (limit: number | null, what: string): string =>
  limit === null ? `${what} at none of these limits` : `${what} from limit ${limitText(limit)} on`
