import { readIndices, readLevels, type Run } from "./hybrid.ts"
import { Encoding, type Page } from "./pages.ts"
import { damaged, foreign } from "./problem.ts"

/** The cells of one column, as a page has them: which ones are there, and a run of indices into the column's dictionary. */
export interface Cells {
  readonly bytes: Uint8Array
  readonly rowCount: number
  /** Where the bits of the cells that are there begin; undefined: all are. */
  readonly bitsAt: number | undefined
  readonly presentCount: number
  readonly run: Run
}

/** Undefined where no cell is there. */
export const cellsOf = (
  { kind, encoding, valueCount, bytes }: Page,
  rowCount: number,
  optional: boolean,
): Cells | undefined => {
  if (kind !== "values" || valueCount !== rowCount) throw damaged("a page of another length")
  const { bits, end } = optional ? readLevels(bytes, rowCount) : ({ bits: "all", end: 0 } as const)
  if (bits === "none") {
    if (end !== bytes.length) throw damaged("a page of another length")
    return undefined
  }
  if (encoding !== Encoding.dictionary) throw foreign("values of another encoding")
  const bitsAt = bits === "all" ? undefined : bits
  const presentCount = bitsAt === undefined ? rowCount : countBits(bytes, bitsAt, rowCount)
  return { bytes, rowCount, bitsAt, presentCount, run: readIndices(bytes, end, presentCount) }
}

const bitsOfByte = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1
  return count
})

/** How many bits are set; those behind the last row must not be. */
const countBits = (bytes: Uint8Array, from: number, rowCount: number): number => {
  const end = from + Math.ceil(rowCount / 8)
  let count = 0
  for (let at = from; at < end; at++) count += bitsOfByte[bytes[at]!]!
  if (rowCount % 8 > 0 && bytes[end - 1]! >> (rowCount % 8) > 0) throw damaged("cells behind the last row")
  return count
}

/**
 * Puts the word of each cell into its row of `out`, which is all zeros before: that is what stays where there is no cell. `words`: the codes of
 * the dictionary's words.
 */
export const readWords = (cells: Cells, words: Uint8Array, out: Uint8Array): void => {
  const { bytes, bitsAt, run } = cells
  if (run.width !== 1) throw foreign("more words than a trace has")
  if (run.step === 0 && bitsAt === undefined) {
    out.fill(words[indexIn(bytes, run, words.length)]!)
    return
  }
  const most =
    bitsAt === undefined
      ? lookUpWords(bytes, run.at, words, out)
      : spreadWords(bytes, bitsAt, run, words, out)
  if (most >= words.length) throw outside
}

/** The same for numbers. `numbers`: those of the dictionary. Sets `flag` in `present` where not all rows have a cell. */
export const readNumbers = (
  cells: Cells,
  numbers: Int32Array,
  out: Int32Array,
  present: Uint8Array,
  flag: number,
): void => {
  const { bytes, bitsAt, presentCount, run } = cells
  if (run.step === 0 && bitsAt === undefined) {
    out.fill(numbers[indexIn(bytes, run, numbers.length)]!)
    return
  }
  let most: number
  if (run.width > 1) most = spreadFar(bytes, bitsAt, run, presentCount, numbers, out)
  else if (bitsAt === undefined) most = lookUpNumbers(bytes, run.at, numbers, out)
  else most = spreadNumbers(bytes, bitsAt, run, numbers, out, present, flag)
  if (most >= numbers.length) throw outside
}

/** The index that a run repeats. */
const indexIn = (bytes: Uint8Array, { at, width }: Run, count: number): number => {
  const index = Buffer.from(bytes.buffer, bytes.byteOffset + at, width).readUIntLE(0, width)
  if (index >= count) throw outside
  return index
}

const outside = damaged("a value that its dictionary does not have")

// The loops. Words and numbers have their own, for each is then compiled for one kind of array; so have indices of one byte. Where only some
// rows have a cell, the loops go from one set bit to the next, lowest first. They return the greatest index.

const lookUpWords = (bytes: Uint8Array, at: number, words: Uint8Array, out: Uint8Array): number => {
  let most = 0
  for (let row = 0; row < out.length; row++) {
    const index = bytes[at + row]!
    if (index > most) most = index
    out[row] = words[index]!
  }
  return most
}

const lookUpNumbers = (bytes: Uint8Array, at: number, numbers: Int32Array, out: Int32Array): number => {
  let most = 0
  for (let row = 0; row < out.length; row++) {
    const index = bytes[at + row]!
    if (index > most) most = index
    out[row] = numbers[index]!
  }
  return most
}

const spreadWords = (
  bytes: Uint8Array,
  bitsAt: number,
  { at: from, step }: Run,
  words: Uint8Array,
  out: Uint8Array,
): number => {
  let most = 0
  let at = from
  for (let row = 0; row < out.length; row += 8) {
    for (let bits = bytes[bitsAt + (row >> 3)]!; bits !== 0; bits &= bits - 1) {
      const index = bytes[at]!
      if (index > most) most = index
      out[row + lowestBit[bits]!] = words[index]!
      at += step
    }
  }
  return most
}

const spreadNumbers = (
  bytes: Uint8Array,
  bitsAt: number,
  { at: from, step }: Run,
  numbers: Int32Array,
  out: Int32Array,
  present: Uint8Array,
  flag: number,
): number => {
  let most = 0
  let at = from
  for (let row = 0; row < out.length; row += 8) {
    for (let bits = bytes[bitsAt + (row >> 3)]!; bits !== 0; bits &= bits - 1) {
      const index = bytes[at]!
      if (index > most) most = index
      const place = row + lowestBit[bits]!
      out[place] = numbers[index]!
      present[place]! |= flag
      at += step
    }
  }
  return most
}

/** Indices of two bytes or four: ids, whose flag is none. */
const spreadFar = (
  bytes: Uint8Array,
  bitsAt: number | undefined,
  { at: from, width, step }: Run,
  count: number,
  numbers: Int32Array,
  out: Int32Array,
): number => {
  // A copy, for the page may begin anywhere.
  const { buffer } = bytes.slice(from, from + (step === 0 ? width : count * width))
  const indices = width === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer)
  const isRun = step > 0 ? 1 : 0
  let most = 0
  let at = 0
  for (let row = 0; row < out.length; row += 8) {
    let bits = bitsAt === undefined ? 255 : bytes[bitsAt + (row >> 3)]!
    if (row + 8 > out.length) bits &= (1 << (out.length - row)) - 1
    for (; bits !== 0; bits &= bits - 1) {
      const index = indices[at]!
      if (index > most) most = index
      out[row + lowestBit[bits]!] = numbers[index]!
      at += isRun
    }
  }
  return most
}

/** By byte: the place of its lowest set bit. */
const lowestBit = Uint8Array.from({ length: 256 }, (_, byte) => 31 - Math.clz32(byte & -byte))
