import { readVarint, varint } from "./hybrid.ts"
import { damaged, foreign } from "./problem.ts"

/**
 * Whole numbers that grow slowly, as Parquet's DELTA_BINARY_PACKED: the first one, then blocks of differences to the number before. A block
 * holds its least difference, and in four parts of 32 how much each is above that, in as many bits as the greatest of the part needs.
 * Numbers are from 0 to 2^53 - 1, so that doubles hold them and no BigInt is made.
 */
const blockCount = 128
const partCount = 4
const partValues = blockCount / partCount

const most = Number.MAX_SAFE_INTEGER
const outside = damaged("a number below 0 or beyond 2^53")

/** Numbers that are odd for negative ones, so that small ones stay small. Doubles: beyond 32 bits, `<<` would not do. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2)

/** Undefined where numbers are so far apart that a double does not hold the least difference, or how much another is above it. */
export const writeDeltas = (values: Float64Array): Uint8Array | undefined => {
  const { length } = values
  const parts: Array<Uint8Array> = [blockCount, partCount, length, zigzag(values[0] ?? 0)].map(varint)
  const above = new Float64Array(blockCount)
  for (let from = 1; from < length; from += blockCount) {
    const count = Math.min(blockCount, length - from)
    let least = Infinity
    for (let i = 0; i < count; i++) least = Math.min(least, values[from + i]! - values[from + i - 1]!)
    above.fill(0)
    for (let i = 0; i < count; i++) above[i] = values[from + i]! - values[from + i - 1]! - least
    if (least < -(2 ** 51) || above.some((value) => value > most)) return undefined
    const widths = new Uint8Array(partCount)
    const packed: Array<Uint8Array> = []
    // A part behind the last value has the width 0 and no bytes.
    for (let part = 0; part * partValues < count; part++) {
      const some = above.subarray(part * partValues, (part + 1) * partValues)
      widths[part] = bitsOf(Math.max(...some))
      packed.push(pack(some, widths[part]!))
    }
    parts.push(varint(zigzag(least)), widths, ...packed)
  }
  return Buffer.concat(parts)
}

/** How many bits a number has, 0 for 0. */
const bitsOf = (value: number): number => {
  let bits = 0
  for (let rest = value; rest >= 1; rest /= 2) bits++
  return bits
}

const pack = (values: Float64Array, width: number): Uint8Array => {
  const bytes = new Uint8Array((partValues * width) / 8)
  for (let i = 0, bit = 0; i < values.length; i++) {
    let rest = values[i]!
    for (let left = width; left > 0;) {
      const shift = bit % 8
      const taken = Math.min(8 - shift, left)
      bytes[bit >> 3]! |= (rest % 2 ** taken) << shift
      rest = Math.floor(rest / 2 ** taken)
      bit += taken
      left -= taken
    }
  }
  return bytes
}

/** Numbers as they are, eight bytes each: what the few traces have whose times leap. */
export const writePlain = (values: Float64Array): Uint8Array => {
  const bytes = Buffer.alloc(8 * values.length)
  for (const [at, value] of values.entries()) bytes.writeBigInt64LE(BigInt(value), 8 * at)
  return bytes
}

export const readPlain = (bytes: Uint8Array, count: number, out: Float64Array): void => {
  if (bytes.length !== 8 * count) throw damaged("a page of another length")
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let i = 0; i < count; i++) {
    const value = view.getUint32(8 * i + 4, true) * 2 ** 32 + view.getUint32(8 * i, true)
    if (!(value <= most)) throw outside
    out[i] = value
  }
}

/** What `writeDeltas` gives for `count` numbers from `first` on, each one greater than the one before. */
export const writeCount = (first: number, count: number): Buffer => {
  const head = Buffer.concat([blockCount, partCount, count, zigzag(first)].map(varint))
  const block = Uint8Array.of(zigzag(1), ...new Uint8Array(partCount))
  const bytes = Buffer.alloc(head.length + Math.ceil((count - 1) / blockCount) * block.length)
  if (bytes.length > head.length) bytes.fill(block, head.length)
  bytes.set(head)
  return bytes
}

/** Reads `count` numbers into `out`. */
export const readDeltas = (bytes: Uint8Array, count: number, out: Float64Array): void => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  const next = (): number => {
    const read = readVarint(bytes, at)
    at = read.at
    return read.value
  }
  if (next() !== blockCount || next() !== partCount) throw foreign("blocks of another size")
  if (next() !== count) throw damaged("a page of another length")
  let value = unzigzag(next())
  if (!(value >= 0 && value <= most)) throw outside
  if (count > 0) out[0] = value
  for (let from = 1; from < count; from += blockCount) {
    const least = unzigzag(next())
    const widthsAt = at
    at += partCount
    for (let part = 0; part < partCount; part++) {
      const begin = from + part * partValues
      const end = Math.min(count, begin + partValues)
      if (end <= begin) break
      const width = bytes[widthsAt + part]!
      const partEnd = at + (partValues * width) / 8
      if (!(partEnd <= bytes.length) || width > 53) throw damaged("a page that is too short")
      value =
        width === 0
          ? steps(out, begin, end, value, least)
          : unpack(bytes, view, at, width, out, begin, end, value, least)
      at = partEnd
    }
  }
  if (at !== bytes.length) throw damaged("a page of another length")
}

const steps = (out: Float64Array, begin: number, end: number, before: number, step: number): number => {
  let value = before
  for (let i = begin; i < end; i++) {
    value += step
    if (!(value >= 0 && value <= most)) throw outside
    out[i] = value
  }
  return value
}

/** A part's differences, summed up. Four bytes hold a value of up to 25 bits wherever it begins; wider ones are read bit by bit. */
const unpack = (
  bytes: Uint8Array,
  view: DataView,
  at: number,
  width: number,
  out: Float64Array,
  begin: number,
  end: number,
  before: number,
  least: number,
): number => {
  const mask = 2 ** width - 1
  const lastWord = bytes.length - 4
  let value = before
  let bit = 8 * at
  for (let i = begin; i < end; i++, bit += width) {
    const byte = bit >>> 3
    const above =
      width <= 25 && byte <= lastWord
        ? (view.getUint32(byte, true) >>> (bit & 7)) & mask
        : wide(bytes, bit, width)
    value += least + above
    if (!(value >= 0 && value <= most)) throw outside
    out[i] = value
  }
  return value
}

const wide = (bytes: Uint8Array, from: number, width: number): number => {
  let value = 0
  for (let done = 0, bit = from; done < width;) {
    const shift = bit % 8
    const taken = Math.min(8 - shift, width - done)
    value += ((bytes[bit >>> 3]! >> shift) % 2 ** taken) * 2 ** done
    done += taken
    bit += taken
  }
  return value
}
