/** Marks that are too close to be told apart: what a column of a few pixels stands for. */
export interface Bin {
  /** Where its first mark is, in pixels, and the places of its marks. */
  readonly x: number
  readonly marks: Array<number>
}

/** Marks gathered into columns `width` pixels wide, from left to right. Marks out of `0` to `plotWidth` are not in view. */
export const binned = (
  marks: ReadonlyArray<number>,
  positionOf: (mark: number) => number,
  width: number,
  plotWidth: number,
): ReadonlyArray<Bin> => {
  const bins = new Map<number, Bin>()
  for (const mark of marks) {
    const x = positionOf(mark)
    if (x < 0 || x > plotWidth) continue
    const key = Math.floor(x / width)
    const bin = bins.get(key)
    if (bin === undefined) bins.set(key, { x, marks: [mark] })
    else bin.marks.push(mark)
  }
  return [...bins].toSorted(([a], [b]) => a - b).map(([, bin]) => bin)
}

/** The lowest, highest, first and last value of each pixel of a curve: what a line through all of its points would paint. */
export interface Column {
  readonly x: number
  readonly first: number
  low: number
  high: number
  last: number
}

/** A step curve's points from `from` to `to`, by pixel. */
export const columnsOf = (
  values: ArrayLike<number | null | undefined>,
  positionOf: (at: number) => number,
  from: number,
  to: number,
): ReadonlyArray<Column> => {
  const columns: Array<Column> = []
  let column: Column | undefined
  for (let at = from; at <= to; at += 1) {
    const x = positionOf(at)
    const value = values[at] ?? 0
    if (column === undefined || column.x !== x) {
      column = { x, first: value, low: value, high: value, last: value }
      columns.push(column)
      continue
    }
    if (value < column.low) column.low = value
    if (value > column.high) column.high = value
    column.last = value
  }
  return columns
}
