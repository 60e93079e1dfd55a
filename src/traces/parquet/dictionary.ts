import { quoted } from "../../domain/errors.ts"
import { entityKinds } from "../../domain/vocabulary.ts"
import { maxUnsignedInt } from "../cells.ts"
import { damaged, foreign, forged } from "./problem.ts"
import { Encoding, type Page } from "./pages.ts"

/** Dictionaries: the distinct values of a column in a row group, in the order of their first appearance. */

/** Gives each key an index, 0, 1, 2, … in the order of first appearance. Keys are whole numbers. */
export class Indices {
  readonly keys: Array<number> = []
  /** Per small key: its index + 1. */
  readonly #small = new Int32Array(1 << 12)
  readonly #large = new Map<number, number>()

  of(key: number): number {
    const isSmall = key >= 0 && key < this.#small.length
    const known = isSmall ? this.#small[key]! - 1 : (this.#large.get(key) ?? -1)
    if (known >= 0) return known
    const index = this.keys.length
    this.keys.push(key)
    if (isSmall) this.#small[key] = index + 1
    else this.#large.set(key, index)
    return index
  }

  clear(): void {
    this.keys.length = 0
    this.#small.fill(0)
    this.#large.clear()
  }
}

export const textDictionary = (texts: ReadonlyArray<string>): Page => {
  const parts = texts.flatMap((text) => {
    const bytes = Buffer.from(text)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(bytes.length)
    return [length, bytes]
  })
  return dictionary(Buffer.concat(parts), texts.length)
}

export const numberDictionary = (numbers: ReadonlyArray<number>): Page => {
  const bytes = Buffer.alloc(4 * numbers.length)
  for (const [at, number] of numbers.entries()) bytes.writeInt32LE(number | 0, 4 * at)
  return dictionary(bytes, numbers.length)
}

const dictionary = (bytes: Uint8Array, valueCount: number): Page => ({
  kind: "dictionary",
  encoding: Encoding.plain,
  valueCount,
  bytes,
})

export const textsOf = (page: Page): ReadonlyArray<string> => {
  const { bytes, valueCount } = checked(page)
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const texts: Array<string> = []
  let at = 0
  for (let i = 0; i < valueCount; i++) {
    const end = endOfText(buffer, at)
    texts.push(buffer.toString("utf8", at + 4, end))
    at = end
  }
  if (at !== bytes.length) throw damaged("a dictionary of another length")
  return texts
}

/** Texts stand behind their lengths. */
const endOfText = (buffer: Buffer, at: number): number => {
  const end = at + 4 <= buffer.length ? at + 4 + buffer.readUInt32LE(at) : Infinity
  if (end > buffer.length) throw damaged("a dictionary that is too short")
  return end
}

/** By index, from 1 on, for 0 is an empty cell: an id's kind and number. */
export interface Ids {
  readonly kinds: Uint8Array<ArrayBuffer>
  readonly numbers: Uint32Array<ArrayBuffer>
}

/** Ids from bytes, without a text for each: a busy trace has one for every ten rows. */
export const idsOf = (page: Page | undefined): Ids => {
  if (page === undefined) return { kinds: new Uint8Array(1), numbers: new Uint32Array(1) }
  const { bytes, valueCount } = checked(page)
  if (!(valueCount >= 0 && 4 * valueCount <= bytes.length)) throw damaged("a dictionary that is too short")
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const kinds = new Uint8Array(valueCount + 1)
  const numbers = new Uint32Array(valueCount + 1)
  let at = 0
  for (let i = 1; i <= valueCount; i++) {
    const end = endOfText(buffer, at)
    const kind = kindOfLetter[bytes[at + 4]!]!
    const number = numberAt(bytes, at + 5, end)
    if (end - at < 6 || kind < 0 || number < 0) {
      const found = quoted(buffer.toString("utf8", at + 4, end))
      throw forged("an id: s, t, a or x and a number, such as s12", found)
    }
    kinds[i] = kind
    numbers[i] = number
    at = end
  }
  if (at !== bytes.length) throw damaged("a dictionary of another length")
  return { kinds, numbers }
}

const kindOfLetter = new Int8Array(256).fill(-1)
for (const [kind, { letter }] of entityKinds.entries()) kindOfLetter[letter.charCodeAt(0)] = kind

const zero = 0x30

/** The decimal number between two places, without leading zeros; -1 if there is another text. */
const numberAt = (bytes: Uint8Array, from: number, to: number): number => {
  if (to - from > 10 || (bytes[from] === zero && to - from > 1)) return -1
  let number = 0
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - zero
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number <= maxUnsignedInt ? number : -1
}

export const numbersOf = (page: Page): Int32Array => {
  const { bytes, valueCount } = checked(page)
  if (bytes.length !== 4 * valueCount) throw damaged("a dictionary of another length")
  // A copy, for the page may begin anywhere.
  return new Int32Array(Uint8Array.from(bytes).buffer)
}

const checked = (page: Page): Page => {
  if (page.kind !== "dictionary" || page.encoding !== Encoding.plain)
    throw foreign("dictionaries of another encoding")
  return page
}
