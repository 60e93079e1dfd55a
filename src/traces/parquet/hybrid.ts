import { damaged, foreign } from "./problem.ts"

/**
 * Runs of small integers, in the two forms that Parquet calls the RLE / bit-packing hybrid: one value repeated, or values side by side.
 * A page of ours is a single run, and its values take whole bytes: zstd sees patterns in those that it cannot see in packed bits, and
 * the reader unpacks nothing.
 */

/** A run where it lies in a page. */
export interface Run {
  /** How many bytes a value takes. */
  readonly width: 1 | 2 | 4
  /** How many bytes it is from one value to the next: `width`, or 0 where one value is repeated. */
  readonly step: number
  /** Where the first value is. */
  readonly at: number
}

/** Whether all values are the same; false where there are none. */
export const isConstant = (values: Int32Array): boolean => {
  const first = values[0]
  for (let i = 1; i < values.length; i++) if (values[i] !== first) return false
  return values.length > 0
}

/** How many bytes an index into so many words takes. */
const strideOf = (wordCount: number): 1 | 2 | 4 => (wordCount <= 1 << 8 ? 1 : wordCount <= 1 << 16 ? 2 : 4)

/** Indices into a dictionary: the byte that says how wide they are, then a run of them; there is at least one. */
export const writeIndices = (indices: Int32Array, wordCount: number): Uint8Array => {
  const { length } = indices
  const stride = strideOf(wordCount)
  if (isConstant(indices)) {
    const value = Buffer.alloc(stride)
    value.writeUIntLE(indices[0]!, 0, stride)
    return Buffer.concat([Uint8Array.of(8 * stride), varint(length * 2), value])
  }
  const groups = Math.ceil(length / 8)
  const header = Buffer.concat([Uint8Array.of(8 * stride), varint(groups * 2 + 1)])
  const bytes = new Uint8Array(header.length + groups * 8 * stride)
  bytes.set(header)
  for (let i = 0, at = header.length; i < length; i++) {
    for (let shift = 0; shift < 8 * stride; shift += 8) bytes[at++] = indices[i]! >>> shift
  }
  return bytes
}

/** The run of `count` indices that a page's bytes hold from `from` on. */
export const readIndices = (bytes: Uint8Array, from: number, count: number): Run => {
  const width = bytes[from]! / 8
  if (width !== 1 && width !== 2 && width !== 4) throw foreign("indices of another width")
  const { value: header, at } = readVarint(bytes, from + 1)
  const isPacked = header % 2 === 1
  const runCount = isPacked ? ((header - 1) / 2) * 8 : header / 2
  if (runCount !== (isPacked ? Math.ceil(count / 8) * 8 : count)) throw foreign("several runs in a page")
  if (at + (isPacked ? runCount : 1) * width !== bytes.length) throw damaged("a page of another length")
  return { width, step: isPacked ? width : 0, at }
}

/** Which cells are there, a bit a row, behind their length in bytes: Parquet's definition levels. `bits`: undefined where all are. */
export const writeLevels = (bits: Uint8Array | undefined, count: number): Uint8Array => {
  const run =
    bits === undefined
      ? Buffer.concat([varint(count * 2), Uint8Array.of(1)])
      : bits.every((byte) => byte === 0)
        ? Buffer.concat([varint(count * 2), Uint8Array.of(0)])
        : Buffer.concat([varint(bits.length * 2 + 1), bits])
  const length = Buffer.alloc(4)
  length.writeUInt32LE(run.length)
  return Buffer.concat([length, run])
}

/** The bits of the cells that are there: `"all"`, `"none"`, or where they begin. `end`: where the values begin. */
export const readLevels = (
  bytes: Uint8Array,
  count: number,
): { readonly bits: "all" | "none" | number; readonly end: number } => {
  const length = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE(0)
  const end = 4 + length
  if (end > bytes.length) throw damaged("a page that is too short")
  const { value: header, at } = readVarint(bytes, 4)
  if (header % 2 === 1) {
    if ((header - 1) / 2 !== Math.ceil(count / 8) || end - at !== Math.ceil(count / 8))
      throw foreign("several runs in a page")
    return { bits: at, end }
  }
  if (header / 2 !== count || end !== at + 1 || bytes[at]! > 1) throw foreign("several runs in a page")
  return { bits: bytes[at] === 1 ? "all" : "none", end }
}

/** An unsigned number, seven bits a byte, the lowest first (LEB128). */
export const varint = (value: number): Uint8Array => {
  const bytes: Array<number> = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  bytes.push(rest)
  return Uint8Array.from(bytes)
}

export const readVarint = (
  bytes: Uint8Array,
  from: number,
): { readonly value: number; readonly at: number } => {
  let value = 0
  let at = from
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++]
    if (byte === undefined || scale > 2 ** 49) throw damaged("a number that does not end")
    value += (byte & 127) * scale
    if (byte < 128) return { value, at }
  }
}
