import type { DiffRun, Finding } from "../domain/documents.ts"
import type { Paint, Style } from "../domain/style.ts"
import { inert } from "../domain/text.ts"
import { shownFindings, wakeClasses } from "../domain/wait.ts"
import { badEndings, explaining, replayWords, sideText, subject, waitTable, wakeTable } from "./diff-words.ts"
import { columns, counted, indent, milliseconds } from "./layout.ts"
import type { Table, TableRow } from "./view.ts"

/** One diff for the terminal: the summary tables and the worst findings. */
export const diffText = (run: DiffRun, style: Style, most: number = shownFindings): string =>
  [
    `${style.bold(inert(run.trace))}  ${counted(run.rows, "row")}`,
    ...indent(replays(run, style)),
    "",
    ...indent(waits(run, style)),
    "",
    ...indent(wakes(run, style)),
    "",
    ...findings(run, style, most),
  ].join("\n")

const replays = (run: DiffRun, style: Style): ReadonlyArray<string> =>
  columns(
    (["from", "to"] as const).map((side) => {
      const [fidelity, note] = replayWords(run, side)
      const paint = run.fidelity[side] < 0.5 ? style.yellow : style.dim
      return [side, style.cyan(run[side]), fidelity, paint(note)]
    }),
    ["left", "left", "left", "left"],
  )

const waits = (run: DiffRun, style: Style): ReadonlyArray<string> => {
  const table = waitTable(run)
  if (table.rows.length === 0) return [table.note!]
  const lines = [table.header.map(style.bold), ...table.rows.map((row) => painted(row, style))]
  return [...columns(lines, aligned(table)), style.dim(table.note!)]
}

const aligned = ({ header }: Table) => header.map((_, at) => (at === 0 ? "left" : "right"))

/** What has changed for the better or for the worse is painted, cell by cell. */
const painted = ({ cells, tone }: TableRow, style: Style): ReadonlyArray<string> => {
  const paint = tone === "good" ? style.green : tone === "bad" ? style.red : (text: string) => text
  return cells.map((cell) => (cell.includes("→") ? paint(cell) : cell))
}

const meaningOf = (name: string): string => wakeClasses.find((one) => one.name === name)?.meaning ?? ""

const wakes = (run: DiffRun, style: Style): ReadonlyArray<string> => {
  const table = wakeTable(run)
  if (table.rows.length === 0) return [`${style.bold("wakes")}  none`]
  const rows = [
    [...["wakes", "from", "to"].map(style.bold), ""],
    ...table.rows.map(({ cells }) => cells.concat(style.dim(meaningOf(cells[0]!)))),
  ]
  return columns(rows, ["left", "right", "right", "left"])
}

const paintOf = (finding: Finding, style: Style): Paint => {
  if (finding.kind === "regressed" || finding.kind === "herd") return style.red
  if (finding.to !== null && badEndings.has(finding.to.ending)) return style.red
  return finding.kind === "fixed" ? style.green : style.yellow
}

const findings = (run: DiffRun, style: Style, most: number): ReadonlyArray<string> => {
  const total = run.findings.length + run.findingsLeftOut
  if (total === 0) return indent([style.green("nothing differs"), style.dim(run.command)])
  const shown = run.findings.slice(0, most)
  const heading =
    shown.length === total ? counted(total, "finding") : `the worst ${shown.length} of ${total} findings`
  return [
    ...indent([style.bold(heading)]),
    ...shown.flatMap((finding, at) => indent(oneFinding(finding, at + 1, run, style))),
    ...(shown.length < total ? indent(["", style.dim(`--most ${total} shows all of them`)]) : []),
  ]
}

const oneFinding = (finding: Finding, number: number, run: DiffRun, style: Style): ReadonlyArray<string> => {
  const at = `row ${finding.beginRow}, ${milliseconds(finding.beginTimeUs)}`
  const head = `${`${number}.`.padEnd(3)} ${paintOf(finding, style)(finding.kind)}  ${inert(subject(finding))}  ${style.dim(at)}`
  const sides = [
    [run.from, inert(sideText(finding.from, finding))],
    [run.to, inert(sideText(finding.to, finding))],
  ]
  const body = finding.requester === null ? [] : columns(sides, ["left", "left"])
  const commands = [finding.command, ...explaining(finding)].map((command) => style.dim(command))
  return ["", head, ...indent([...body, ...commands], 4)]
}
