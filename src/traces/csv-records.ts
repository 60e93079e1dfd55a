const quote = 0x22
const lineEnd = 0x0a

/** The length of the longest start of a block that leaves no quoted cell open: quotes before it are even in number. */
export const wholeRecords = (block: Uint8Array): number => {
  let open = false
  let whole = 0
  for (let i = 0; i < block.length; i++) {
    if (block[i] === quote) open = !open
    else if (block[i] === lineEnd && !open) whole = i + 1
  }
  return whole
}

/** The line that each record begins on, where cells may hold line ends. */
export const linesOf = (
  records: ReadonlyArray<ReadonlyArray<string>>,
  first: number,
): { readonly of: Uint32Array; readonly next: number } => {
  const of = new Uint32Array(records.length)
  let line = first
  for (const [i, record] of records.entries()) {
    of[i] = line++
    for (const cell of record)
      for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) line++
  }
  return { of, next: line }
}
