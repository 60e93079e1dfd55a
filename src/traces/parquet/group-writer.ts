import { crc32 } from "node:zlib"
import type { OpenBatch, TraceHead } from "../../domain/batch.ts"
import {
  bufferStateNames,
  eventNames,
  firstAppletName,
  Present,
  resultNames,
  sideNames,
  siteNames,
  type ColumnName,
} from "../../domain/vocabulary.ts"
import { writeDeltas, writePlain } from "./deltas.ts"
import { Indices, numberDictionary, textDictionary } from "./dictionary.ts"
import type { Chunk, RowGroup } from "./footer.ts"
import { writeIndices, writeLevels } from "./hybrid.ts"
import { Encoding, writePages, type Page } from "./pages.ts"
import { columns } from "./schema.ts"

/** A column of a batch before it is encoded: `key` of a row that has a cell, -1 of one that has none, and what a key stands for. */
interface Source {
  readonly isThere: (row: number) => boolean
  readonly key: (row: number) => number
  readonly dictionary: (keys: ReadonlyArray<number>) => Page
}

/** Writes row groups: the rows of a batch in, the bytes of all its columns out. */
export class GroupWriter {
  readonly #head: TraceHead
  readonly #indices = new Indices()
  /** Texts of the column `site` by their key; an applet may be named like a place in HAProxy's code, and has its key then. */
  readonly #siteTexts: Array<string> = [...siteNames]
  readonly #siteKeys = new Map<string, number>(siteNames.map((name, key) => [name, key]))
  /** Per applet name: its key. */
  readonly #appletKeys: Array<number> = []

  constructor(head: TraceHead) {
    this.#head = head
  }

  /** `offset`: where the group begins in the file. */
  write(batch: OpenBatch, offset: number): { readonly bytes: Uint8Array; readonly group: RowGroup } {
    this.#nameApplets()
    const chunks: Array<Chunk> = []
    const parts: Array<Uint8Array> = []
    for (const { name, optional } of columns) {
      const { chunk, bytes } = this.#column(name, optional, batch)
      chunks.push(chunk)
      parts.push(...bytes)
    }
    const bytes = Buffer.concat(parts)
    return {
      bytes,
      group: { rowCount: batch.rowCount, offset, byteCount: bytes.length, sum: crc32(bytes), chunks },
    }
  }

  #column(name: ColumnName, optional: boolean, batch: OpenBatch) {
    const { rowCount, firstRow } = batch
    if (name === "seq")
      return chunkOf([deltas(Float64Array.from({ length: rowCount }, (_, row) => firstRow + row))], rowCount)
    if (name === "time_us") return chunkOf([deltas(batch.timeUs.subarray(0, rowCount))], rowCount)
    const source = this.#source(name, batch)
    this.#indices.clear()
    const indices = new Int32Array(rowCount)
    const bits = new Uint8Array(Math.ceil(rowCount / 8))
    let presentCount = 0
    for (let row = 0; row < rowCount; row++) {
      if (!source.isThere(row)) continue
      bits[row >> 3]! |= 1 << (row & 7)
      indices[presentCount++] = this.#indices.of(source.key(row))
    }
    const levels = optional
      ? writeLevels(presentCount === rowCount ? undefined : bits, rowCount)
      : new Uint8Array(0)
    // Where no cell is there, no dictionary is either.
    const values =
      presentCount === 0
        ? new Uint8Array(0)
        : writeIndices(indices.subarray(0, presentCount), this.#indices.keys.length)
    const page: Page = {
      kind: "values",
      encoding: presentCount === 0 ? Encoding.plain : Encoding.dictionary,
      valueCount: rowCount,
      bytes: Buffer.concat([levels, values]),
    }
    const pages = presentCount === 0 ? [page] : [source.dictionary(this.#indices.keys), page]
    return chunkOf(pages, presentCount)
  }

  #source(name: Exclude<ColumnName, "seq" | "time_us">, batch: OpenBatch): Source {
    switch (name) {
      case "event":
        return { ...words(batch.event, eventNames), isThere: () => true }
      case "entity":
        return this.#ids(batch.entity)
      case "owner":
        return this.#ids(batch.owner)
      case "site":
        return this.#sites(batch.site)
      case "side":
        return words(batch.side, sideNames)
      case "req":
        return words(batch.req, bufferStateNames)
      case "res":
        return words(batch.res, bufferStateNames)
      case "result":
        return words(batch.result, resultNames)
      case "margin":
        return numbers(batch, batch.margin, Present.margin)
      case "avail":
        return numbers(batch, batch.avail, Present.avail)
      case "threshold":
        return numbers(batch, batch.threshold, Present.threshold)
      case "allocated":
        return numbers(batch, batch.allocated, Present.allocated)
      case "used":
        return numbers(batch, batch.used, Present.used)
      case "task_rq":
        return numbers(batch, batch.taskRq, Present.taskRq)
      case "applet_rq":
        return numbers(batch, batch.appletRq, Present.appletRq)
    }
  }

  #ids(slots: Int32Array): Source {
    const { entities } = this.#head
    return {
      isThere: (row) => slots[row]! >= 0,
      key: (row) => slots[row]!,
      dictionary: (keys) => textDictionary(keys.map((slot) => entities.id(slot))),
    }
  }

  #sites(sites: Int32Array): Source {
    const key = (row: number): number => {
      const site = sites[row]!
      return site < firstAppletName ? site : this.#appletKeys[site - firstAppletName]!
    }
    // An applet without a name has an empty cell too; the event tells the two apart.
    return {
      isThere: (row) => key(row) > 0,
      key,
      dictionary: (keys) => textDictionary(keys.map((at) => this.#siteTexts[at]!)),
    }
  }

  #nameApplets(): void {
    const { appletNames } = this.#head
    for (let at = this.#appletKeys.length; at < appletNames.length; at++) {
      const name = appletNames[at]!
      const key = this.#siteKeys.get(name) ?? this.#siteTexts.length
      if (key === this.#siteTexts.length) {
        this.#siteTexts.push(name)
        this.#siteKeys.set(name, key)
      }
      this.#appletKeys.push(key)
    }
  }
}

const words = (codes: Uint8Array, names: ReadonlyArray<string>): Source => ({
  isThere: (row) => codes[row]! > 0,
  key: (row) => codes[row]!,
  dictionary: (keys) => textDictionary(keys.map((code) => names[code]!)),
})

const numbers = ({ present }: OpenBatch, values: Int32Array | Uint32Array, bit: number): Source => ({
  isThere: (row) => (present[row]! & bit) !== 0,
  key: (row) => values[row]!,
  dictionary: numberDictionary,
})

const deltas = (values: Float64Array): Page => {
  const small = writeDeltas(values)
  return {
    kind: "values",
    encoding: small === undefined ? Encoding.plain : Encoding.deltas,
    valueCount: values.length,
    bytes: small ?? writePlain(values),
  }
}

/** Pages as they are written, compressed where that is worth its time when they are read. */
const chunkOf = (
  pages: ReadonlyArray<Page>,
  presentCount: number,
): { readonly chunk: Chunk; readonly bytes: ReadonlyArray<Uint8Array> } => {
  const plain = writePages(pages, false)
  const packed = writePages(pages, true)
  const compressed = lengthOf(packed) < worthwhile * lengthOf(plain)
  const bytes = compressed ? packed : plain
  return {
    chunk: {
      compressed,
      dictionaryByteCount: bytes.length === 2 ? bytes[0]!.length : 0,
      byteCount: lengthOf(bytes),
      inflatedByteCount: lengthOf(plain),
      presentCount,
    },
    bytes,
  }
}

const worthwhile = 0.9

const lengthOf = (parts: ReadonlyArray<Uint8Array>): number =>
  parts.reduce((sum, { length }) => sum + length, 0)
