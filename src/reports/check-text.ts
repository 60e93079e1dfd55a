import type { CheckRun } from "../domain/documents.ts"
import type { Style } from "../domain/style.ts"
import { inert } from "../domain/text.ts"
import { entityKinds } from "../domain/vocabulary.ts"
import { counted, indent, milliseconds } from "./layout.ts"
import { countCells, fields, grid, labelWidth, wrap, type Field } from "./wrap.ts"

const textColumn = 2 + labelWidth(["preamble"])

/** What a trace is, for the terminal. */
export const checkText = (run: CheckRun, style: Style, width: number): string => {
  const room = Math.max(20, width - textColumn)
  const counts = (label: string, record: Readonly<Record<string, number>>): ReadonlyArray<Field> => {
    const cells = countCells(Object.entries(record).map(([name, count]) => [inert(name), count]))
    return cells.length === 0 ? [] : [{ label, lines: grid(cells, room) }]
  }
  return [
    `${style.bold(inert(run.trace))}  ${style.green("readable")}  ${style.dim(`${counted(run.rows, "row")}, ${run.format}`)}`,
    ...indent(
      fields([
        { label: "time", lines: [timeText(run)] },
        { label: "outcomes", lines: [outcomesText(run)] },
        ...(run.tornLine === null
          ? []
          : [{ label: "torn", lines: [style.yellow(`line ${run.tornLine}, dropped`)] }]),
        { label: "preamble", lines: preambleLines(run, room) },
        { label: "entities", lines: [entitiesText(run)] },
        ...counts("applets", run.applets),
        ...counts("events", run.events),
        ...counts("sites", run.sites),
      ]),
    ),
  ].join("\n")
}

const timeText = ({ firstTimeUs, lastTimeUs, backwardsUs }: CheckRun): string => {
  if (firstTimeUs === null || lastTimeUs === null) return "no rows"
  const range = `${milliseconds(firstTimeUs)} to ${milliseconds(lastTimeUs)}`
  return backwardsUs > 0 ? `${range}; goes back by up to ${backwardsUs} µs` : range
}

const outcomesText = ({ outcomeRows }: CheckRun): string =>
  outcomeRows > 0 ? counted(outcomeRows, "row") : "none: it can be replayed and diffed, not verified"

const preambleLines = ({ preamble }: CheckRun, room: number): ReadonlyArray<string> => {
  const entries = Object.entries(preamble).map(([key, value]) => [inert(key), inert(value)] as const)
  const valueRoom = Math.max(20, room - labelWidth(entries.map(([key]) => key)))
  return fields(entries.map(([label, value]) => ({ label, lines: wrap(value, valueRoom) })))
}

const entitiesText = ({ entities }: CheckRun): string => {
  const present = entityKinds.filter(({ name }) => entities[name] > 0)
  return present.length === 0 ? "none" : present.map(({ name }) => counted(entities[name], name)).join(", ")
}
