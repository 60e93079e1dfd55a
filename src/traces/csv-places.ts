import { isUtf8 } from "node:buffer"

/** A place in a text, counted from its start: 0 lines down, character 1. */
export interface Place {
  readonly lineOffset: number
  /** In characters (code points), 1 for the first. */
  readonly column: number
}

const lineEnd = 0x0a

/** What the walk over a text must know of the file's CSV. */
export interface Csv {
  readonly crlf: boolean
  readonly quotes: boolean
}

/**
 * Where a cell of a record begins. Only errors ask, so this walks the text character by character; csv-parse does not
 * tell, and its records cannot: their quotes are gone.
 */
export const placeOfCell = (text: string, record: number, cell: number, csv: Csv): Place => {
  let [recordsLeft, cellsLeft, lineOffset, column, open, previous] = [record, cell, 0, 1, false, ""]
  for (const character of text) {
    if (recordsLeft === 0 && cellsLeft === 0) break
    if (csv.quotes && character === '"') open = !open
    const recordEnds = character === "\n" && !open && (!csv.crlf || previous === "\r")
    if (recordEnds) recordsLeft--
    else if (character === "," && !open && recordsLeft === 0) cellsLeft--
    column++
    if (character === "\n") {
      lineOffset++
      column = 1
    }
    previous = character
  }
  return { lineOffset, column }
}

/** Where the quote is that opens a cell and is never closed: the last one that the text does not pair. */
export const placeOfOpenQuote = (text: string): Place => {
  let [lineOffset, column, open] = [0, 1, false]
  let place: Place = { lineOffset, column }
  for (const character of text) {
    if (character === '"') {
      open = !open
      if (open) place = { lineOffset, column }
    }
    column++
    if (character === "\n") {
      lineOffset++
      column = 1
    }
  }
  return place
}

/** The first byte of a block that no text holds: one that is not UTF-8, or a NUL. */
export const placeOfBadByte = (block: Uint8Array): (Place & { readonly byte: number }) | undefined => {
  const nul = block.indexOf(0)
  if (nul < 0 && isUtf8(block)) return undefined
  for (let [from, lineOffset] = [0, 0]; from < block.length; lineOffset++) {
    const to = block.indexOf(lineEnd, from) + 1 || block.length
    const line = block.subarray(from, to)
    const zero = line.indexOf(0)
    const at = isUtf8(line) ? zero : Math.min(validLength(line), zero < 0 ? line.length : zero)
    if (at >= 0) {
      return { lineOffset, column: characterCount(line.subarray(0, at)) + 1, byte: line[at]! }
    }
    from = to
  }
  return undefined
}

/** How many bytes of a line are UTF-8, up to the first character that is not. */
const validLength = (line: Uint8Array): number => {
  let low = 0
  let high = line.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (isUtf8(line.subarray(0, startOfCharacter(line, middle)))) low = middle
    else high = middle - 1
  }
  return startOfCharacter(line, low)
}

/** The nearest place at or before `at` that does not lie within a UTF-8 character. */
const startOfCharacter = (line: Uint8Array, at: number): number => {
  let start = at
  while (start > 0 && at - start < 3 && start < line.length && (line[start]! & 0xc0) === 0x80) start--
  return start
}

/** How many characters (code points) some UTF-8 has. */
export const characterCount = (bytes: Uint8Array): number => {
  let count = 0
  for (const byte of bytes) if ((byte & 0xc0) !== 0x80) count++
  return count
}
