import type { ChainEvent } from "../../../domain/documents/timeline.ts"

/** A line of two chains side by side: what each has there. */
export interface Line {
  readonly left: ChainEvent | null
  readonly right: ChainEvent | null
}

/**
 * Two chains side by side, in the order of each: what both tell of a row stands on one line. Rows of a projection may step
 * back, where a deferred run happens; such lines are merely further apart.
 */
export const beside = (
  left: ReadonlyArray<ChainEvent>,
  right: ReadonlyArray<ChainEvent>,
): ReadonlyArray<Line> => {
  const lines: Array<Line> = []
  let at = 0
  let to = 0
  while (at < left.length || to < right.length) {
    const one = left[at] ?? null
    const other = right[to] ?? null
    const takesLeft = one !== null && (other === null || one.row <= other.row)
    const takesRight = other !== null && (one === null || other.row <= one.row)
    lines.push({ left: takesLeft ? one : null, right: takesRight ? other : null })
    if (takesLeft) at += 1
    if (takesRight) to += 1
  }
  return lines
}

/** Whether both tell the same. */
export const isShared = ({ left, right }: Line): boolean =>
  left !== null && right !== null && left.text === right.text && left.lastRow === right.lastRow

/** The row at which two chains first tell different things; null: nowhere. */
export const partingRow = (lines: ReadonlyArray<Line>): number | null => {
  const parting = lines.find((line) => !isShared(line))
  return parting === undefined ? null : (parting.left ?? parting.right)!.row
}
