/** Plain text in columns, for terminals and logs. Widths count characters as they are shown, not escapes. */

// eslint-disable-next-line no-control-regex -- the sequences that `Style` makes
const painted = /\x1b\[\d+m/g

const widthOf = (text: string): number => text.replaceAll(painted, "").length

/** How a column of a table is laid out. */
export type Align = "left" | "right"

/** Lines of a table whose columns are as wide as their widest cell, two spaces apart. */
export const columns = (
  rows: ReadonlyArray<ReadonlyArray<string>>,
  aligns: ReadonlyArray<Align>,
): Array<string> => {
  const widths = aligns.map((_, at) => Math.max(0, ...rows.map((row) => widthOf(row[at] ?? ""))))
  return rows.map((row) =>
    row
      .map((cell, at) => {
        const gap = " ".repeat(widths[at]! - widthOf(cell))
        return aligns[at] === "right" ? gap + cell : cell + gap
      })
      .join("  ")
      .trimEnd(),
  )
}

export const indent = (lines: ReadonlyArray<string>, by = 2): Array<string> =>
  lines.map((line) => (line === "" ? "" : " ".repeat(by) + line))

/** A share as people read it: 1 only where it is 1. */
export const share = (value: number): string => {
  if (value === 1) return "1"
  return Math.min(0.9999, value).toFixed(4)
}

/** Microseconds as milliseconds, as `480.189 ms`. */
export const milliseconds = (timeUs: number): string => `${(timeUs / 1000).toFixed(3)} ms`

/** `1 wait`, `2 waits`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`
