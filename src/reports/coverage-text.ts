import type { CoverageItem, CoverageRun } from "../domain/documents.ts"
import type { Style } from "../domain/style.ts"
import { inert } from "../domain/text.ts"
import { columns, counted, indent } from "./layout.ts"
import { wrap } from "./wrap.ts"

/** The coverage of a corpus for the terminal: what is exercised and where first, then what is missing. */
export const coverageText = (
  runs: ReadonlyArray<CoverageRun>,
  items: ReadonlyArray<CoverageItem>,
  style: Style,
  width: number,
): string => {
  const missing = items.filter(({ first }) => first === null)
  const covered = items.length - missing.length
  const rowCount = runs.reduce((sum, { rows }) => sum + rows, 0)
  return [
    `${style.bold(`${covered} of ${items.length} exercised`)}  ${counted(runs.length, "trace")}, ${counted(rowCount, "row")}`,
    ...indent(exercised(items, style)),
    ...(missing.length === 0 ? [] : ["", ...indent(lacking(missing, style, width))]),
    ...doubts(runs, style),
  ].join("\n")
}

const exercised = (items: ReadonlyArray<CoverageItem>, style: Style): ReadonlyArray<string> =>
  columns(
    items.flatMap(({ group, name, first, traces }) =>
      first === null
        ? []
        : [[style.dim(group), name, `${traces}`, style.dim(`row ${first.row} of ${inert(first.trace)}`)]],
    ),
    ["left", "left", "right", "left"],
  )

const lacking = (
  missing: ReadonlyArray<CoverageItem>,
  style: Style,
  width: number,
): ReadonlyArray<string> => [
  style.bold("not exercised, and what would reach it"),
  ...missing.flatMap(({ group, name, workload }) => [
    `${style.yellow(name)} ${style.dim(group)}`,
    ...indent(wrap(workload, Math.max(20, width - 4))),
  ]),
]

/** Traces that are neither semantics to the end: what their later rows confirm is not counted. */
const doubts = (runs: ReadonlyArray<CoverageRun>, style: Style): ReadonlyArray<string> => {
  const unsure = runs.filter(({ firstDeviationRow }) => firstDeviationRow !== null)
  if (unsure.length === 0) return []
  return [
    "",
    ...indent([
      style.bold("taken for a semantics that they leave; parts count up to there only"),
      ...unsure.map(
        ({ trace, semantics, firstDeviationRow }) =>
          `${inert(trace)}: ${semantics} up to row ${firstDeviationRow}`,
      ),
    ]),
  ]
}
