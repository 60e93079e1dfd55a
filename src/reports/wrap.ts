import { columns } from "./layout.ts"

/** Lines of at most `width` characters, broken at spaces; a longer word stays whole, so that it can be copied. */
export const wrap = (text: string, width: number): Array<string> => {
  const lines: Array<string> = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === "" ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/** A label, and its text behind it: the lines that follow the first are indented to it. */
export interface Field {
  readonly label: string
  readonly lines: ReadonlyArray<string>
}

/** Labels in one column, their texts in the next. */
export const fields = (all: ReadonlyArray<Field>): Array<string> =>
  columns(
    all.flatMap(({ label, lines }) => lines.map((line, at) => [at === 0 ? label : "", line])),
    ["left", "left"],
  )

/** How wide the labels of some fields are, with the gap behind them. */
export const labelWidth = (labels: ReadonlyArray<string>): number =>
  Math.max(0, ...labels.map((label) => label.length)) + 2

/** Cells of equal width, in as many columns as `width` holds, line by line. */
export const grid = (cells: ReadonlyArray<string>, width: number): Array<string> => {
  const cellWidth = Math.max(0, ...cells.map((cell) => cell.length))
  const perLine = Math.max(1, Math.floor((width + 3) / (cellWidth + 3)))
  const lines: Array<string> = []
  for (let at = 0; at < cells.length; at += perLine) {
    const line = cells.slice(at, at + perLine).map((cell) => cell.padEnd(cellWidth))
    lines.push(line.join("   ").trimEnd())
  }
  return lines
}

/** Names with their counts as cells of a {@link grid}: names to the left, counts to the right. */
export const countCells = (counts: ReadonlyArray<readonly [name: string, count: number]>): Array<string> => {
  const rows = counts.map(([name, count]) => [name, String(count)])
  const nameWidth = Math.max(0, ...rows.map(([name]) => name!.length))
  const countWidth = Math.max(0, ...rows.map(([, count]) => count!.length))
  return rows.map(([name, count]) => `${name!.padEnd(nameWidth)} ${count!.padStart(countWidth)}`)
}
