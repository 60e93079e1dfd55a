import type { RowBatch, TraceHead } from "../domain/batch.ts"
import { grown, type EntityTable } from "../domain/entity.ts"
import {
  Present,
  bufferStateNames,
  entityKinds,
  eventNames,
  firstAppletName,
  resultNames,
  sideNames,
  siteNames,
} from "../domain/vocabulary.ts"
import { cell, writeHead } from "./write.ts"
import type { TraceWriter } from "./writer.ts"

/** The text of `write.ts` as bytes, without making a string for each row. */
export class CsvWriter implements TraceWriter {
  readonly #head: TraceHead
  /** Sites and applet names as cells, by code. */
  readonly #sites: Array<Uint8Array> = siteNames.map(wordCell)
  #headIsWritten = false
  /** The text of a piece while it is made. */
  #text: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 16)

  constructor(head: TraceHead) {
    this.#head = head
  }

  push(batch: RowBatch): ReadonlyArray<Uint8Array> {
    const parts = [...this.end()]
    let end = 0
    for (let i = 0; i < batch.rowCount; i++) {
      const site = this.#site(batch.site[i]!)
      const needed = end + maxRowBytes + site.length
      if (needed > this.#text.length) this.#text = grown(this.#text, needed)
      end = putRow(this.#text, end, batch, i, site)
      if (end < pieceBytes) continue
      parts.push(this.#text.slice(0, end))
      end = 0
    }
    if (end > 0) parts.push(this.#text.slice(0, end))
    return parts
  }

  end(): ReadonlyArray<Uint8Array> {
    if (this.#headIsWritten) return []
    this.#headIsWritten = true
    return [Buffer.from(writeHead(this.#head.preamble))]
  }

  #site(code: number): Uint8Array {
    return (this.#sites[code] ??= wordCell(cell(this.#head.appletNames[code - firstAppletName]!)))
  }
}

const comma = 0x2c
const minus = 0x2d
const zero = 0x30
const lineFeed = 0x0a

/** A word as a cell with the comma before it. */
const wordCell = (word: string): Uint8Array => Buffer.from(`,${word}`)

const eventCells = eventNames.map(wordCell)
const sideCells = sideNames.map(wordCell)
const stateCells = bufferStateNames.map(wordCell)
const resultCells = resultNames.map(wordCell)
const letters = entityKinds.map(({ letter }) => letter.charCodeAt(0))

/** How long a piece of text becomes: a columnar trace's batch is 3 MB of it, and would lie in memory several times over on its way. */
const pieceBytes = 1 << 16

/** More than a row is long without its site: two numbers of at most 16 digits, two ids, seven numbers of an int, five words. */
const maxRowBytes = 256

// Each function below writes at a place and returns the place behind.

const putRow = (to: Uint8Array, from: number, batch: RowBatch, i: number, site: Uint8Array): number => {
  const { entities } = batch.head
  const present = batch.present[i]!
  let at = putNumber(to, from, batch.firstRow + i)
  to[at++] = comma
  at = putNumber(to, at, batch.timeUs[i]!)
  at = putWord(to, at, eventCells[batch.event[i]!]!)
  at = putId(to, at, entities, batch.entity[i]!)
  at = putId(to, at, entities, batch.owner[i]!)
  at = putWord(to, at, site)
  at = putWord(to, at, sideCells[batch.side[i]!]!)
  at = putCell(to, at, present & Present.margin, batch.margin[i]!)
  at = putWord(to, at, stateCells[batch.req[i]!]!)
  at = putWord(to, at, stateCells[batch.res[i]!]!)
  at = putWord(to, at, resultCells[batch.result[i]!]!)
  at = putCell(to, at, present & Present.avail, batch.avail[i]!)
  at = putCell(to, at, present & Present.threshold, batch.threshold[i]!)
  at = putCell(to, at, present & Present.allocated, batch.allocated[i]!)
  at = putCell(to, at, present & Present.used, batch.used[i]!)
  at = putCell(to, at, present & Present.taskRq, batch.taskRq[i]!)
  at = putCell(to, at, present & Present.appletRq, batch.appletRq[i]!)
  to[at++] = lineFeed
  return at
}

const putWord = (to: Uint8Array, from: number, word: Uint8Array): number => {
  let at = from
  for (let i = 0; i < word.length; i++) to[at++] = word[i]!
  return at
}

const putId = (to: Uint8Array, from: number, entities: EntityTable, slot: number): number => {
  to[from] = comma
  if (slot < 0) return from + 1
  to[from + 1] = letters[entities.kind[slot]!]!
  return putNumber(to, from + 2, entities.number[slot]!)
}

const putCell = (to: Uint8Array, from: number, isPresent: number, value: number): number => {
  to[from] = comma
  return isPresent === 0 ? from + 1 : putNumber(to, from + 1, value)
}

const billion = 1e9

/** A whole number that a double holds exactly. */
const putNumber = (to: Uint8Array, from: number, value: number): number => {
  if (value < 0) {
    to[from] = minus
    return putNumber(to, from + 1, -value)
  }
  if (value < billion) return putDigits(to, from, digitCount(value), value)
  const billions = Math.floor(value / billion)
  return putDigits(to, putNumber(to, from, billions), 9, value - billion * billions)
}

/** The last `count` digits of a number below a billion. */
const putDigits = (to: Uint8Array, from: number, count: number, value: number): number => {
  let rest = value | 0
  for (let at = from + count - 1; at >= from; at--) {
    const tenth = (rest / 10) | 0
    to[at] = zero + rest - 10 * tenth
    rest = tenth
  }
  return from + count
}

const digitCount = (value: number): number => {
  let count = 1
  for (let power = 10; power <= value; power *= 10) count++
  return count
}
