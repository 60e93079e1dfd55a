import type { OpenBatch } from "../domain/batch.ts"
import { NONE, type EntityTable } from "../domain/entity.ts"
import {
  bufferStateNames,
  columnNames,
  entityKinds,
  Event,
  eventNames,
  firstAppletName,
  Kind,
  Present,
  resultNames,
  sideNames,
  siteNames,
  type ColumnName,
} from "../domain/vocabulary.ts"
import { maxInt, maxUnsignedInt } from "./cells.ts"
import * as forms from "./forms.ts"
import type { CsvHead } from "./csv-head.ts"
import { maxEntities } from "./csv-rows.ts"
import { AppletNames, letterClass, wordMachine, wordStart, type WordMachine } from "./csv-words.ts"

// Constants of this module, for the reason that csv-rows.ts gives.
const { allocFormAt, entityOptional, kindMask, numberMaskOf, releaseFormAt, resultMaskOf, siteMaskOf } = forms
const letterClasses = letterClass
const firstState = wordStart
const noEntity = NONE
const { alloc, applet_new: appletNew, applet_run: appletRun, release } = Event
const { stream } = Kind

const comma = 0x2c
const minus = 0x2d
const zero = 0x30
const nine = 0x39
const lineFeed = 0x0a
const carriageReturn = 0x0d

/** So many digits are a whole number in a double whatever they are; longer numbers are left to the reference. */
const maxDigits = 15
/** A block has fewer new ids: so near the greatest number of entities, the reference says when there are too many. */
const maxPlainEntities = maxEntities - 4096

// What a column's cells are made of.
const [ofText, ofDigits, ofSignedDigits, ofLetters, ofId, ofSite] = [0, 1, 2, 3, 4, 5]

interface ColumnForm {
  readonly made: number
  readonly max?: number
  readonly words?: WordMachine
  /** The column's bit in `present`. */
  readonly bit?: number
  /** What an empty cell is, if not 0; less than 0 where it makes a row that is not plain. */
  readonly empty?: number
}

const stateWords = wordMachine(bufferStateNames)
const siteWords = wordMachine(siteNames)

const columnForms: Readonly<Record<ColumnName, ColumnForm>> = {
  seq: { made: ofDigits, max: Number.MAX_SAFE_INTEGER, empty: -1 },
  time_us: { made: ofDigits, max: Number.MAX_SAFE_INTEGER, empty: -1 },
  event: { made: ofLetters, words: wordMachine(eventNames), empty: -1 },
  entity: { made: ofId, empty: -1 },
  owner: { made: ofId, empty: -1 },
  site: { made: ofSite },
  side: { made: ofLetters, words: wordMachine(sideNames) },
  margin: { made: ofDigits, max: maxInt, bit: Present.margin },
  req: { made: ofLetters, words: stateWords },
  res: { made: ofLetters, words: stateWords },
  result: { made: ofLetters, words: wordMachine(resultNames) },
  avail: { made: ofSignedDigits, bit: Present.avail },
  threshold: { made: ofDigits, max: maxUnsignedInt, bit: Present.threshold },
  allocated: { made: ofDigits, max: maxUnsignedInt, bit: Present.allocated },
  used: { made: ofDigits, max: maxUnsignedInt, bit: Present.used },
  task_rq: { made: ofDigits, max: maxUnsignedInt, bit: Present.taskRq },
  applet_rq: { made: ofDigits, max: maxUnsignedInt, bit: Present.appletRq },
}

/** The code of a column that the format does not know. */
const otherColumn = columnNames.length
const formOfColumn: ReadonlyArray<ColumnForm> = [
  ...columnNames.map((name) => columnForms[name]),
  { made: ofText },
]
const madeOf = Uint8Array.from(formOfColumn, ({ made }) => made)
const maxOf = Float64Array.from(formOfColumn, ({ max }) => max ?? 0)
const bitOf = Uint8Array.from(formOfColumn, ({ bit }) => bit ?? 0)
const emptyOf = Int8Array.from(formOfColumn, ({ empty }) => empty ?? 0)
const wordsOf = formOfColumn.map(({ words }) => words ?? stateWords)

const codeOf = (name: ColumnName): number => columnNames.indexOf(name)
const seqAt = codeOf("seq")
const timeAt = codeOf("time_us")
const eventAt = codeOf("event")
const entityAt = codeOf("entity")
const ownerAt = codeOf("owner")
const siteAt = codeOf("site")
const sideAt = codeOf("side")
const marginAt = codeOf("margin")
const reqAt = codeOf("req")
const resAt = codeOf("res")
const resultAt = codeOf("result")
const availAt = codeOf("avail")
const thresholdAt = codeOf("threshold")
const allocatedAt = codeOf("allocated")
const usedAt = codeOf("used")
const taskRqAt = codeOf("task_rq")
const appletRqAt = codeOf("applet_rq")

const kindOfLetter = new Int8Array(256).fill(-1)
for (const [kind, { letter }] of entityKinds.entries()) kindOfLetter[letter.charCodeAt(0)] = kind

/**
 * Reads the plain rows of a CSV trace from bytes straight into columns, several times as fast as csv-parse. It knows the
 * rows that wakediff and the recorders write, and no error: at the first row that is anything else, it stops, and that
 * row has changed nothing. `RowReader` over csv-parse is the reference: what this accepts is what that gives.
 *
 * A row is read in two steps: all its cells into `#cells`, a number each, then, if they go together, into the batch.
 */
export class PlainReader {
  /** The file's columns from left to right, as places in `columnNames`. */
  readonly #order: Uint8Array
  readonly #entities: EntityTable
  readonly #appletNames: AppletNames
  readonly #crlf: boolean
  readonly #cells = new Float64Array(columnNames.length + 1)
  /** The next byte. */
  #at = 0
  // What does not fit one number of `#cells`.
  #present = 0
  #kind = -1
  #siteFrom = 0
  #siteTo = 0

  constructor({ columns, width, head }: CsvHead, crlf: boolean) {
    this.#order = new Uint8Array(width).fill(otherColumn)
    for (const [code, name] of columnNames.entries()) this.#order[columns[name]] = code
    this.#entities = head.entities
    this.#appletNames = new AppletNames(head.appletNames)
    this.#crlf = crlf
  }

  /**
   * Adds rows to a batch until it is full, the bytes end, or a row is not plain. The bytes from `from` to `to` are whole
   * lines without a quote; `line` is the first one's number. Returns where it stopped.
   */
  read(bytes: Uint8Array, from: number, to: number, batch: OpenBatch, line: number): number {
    if (this.#entities.count > maxPlainEntities) return from
    const { firstRow, rowCount: before } = batch
    const room = batch.event.length
    let i = before
    let at = from
    this.#at = from
    while (at < to && i < room && this.#readRow(bytes) && this.#cells[seqAt] === firstRow + i) {
      if (!this.#store(bytes, batch, i)) break
      batch.line[i] = line + i - before
      i++
      at = this.#at
    }
    batch.rowCount = i
    return at
  }

  // Bytes into cells. Each scan ends at the end of the line, if not before: there is always one.

  #readRow(bytes: Uint8Array): boolean {
    const order = this.#order
    const last = order.length - 1
    this.#present = 0
    for (let i = 0; i <= last; i++) {
      const column = order[i]!
      const end = i < last ? comma : this.#crlf ? carriageReturn : lineFeed
      if (bytes[this.#at] === end) this.#emptyCell(column)
      else if (!this.#readCell(bytes, column) || bytes[this.#at] !== end) return false
      this.#at++
    }
    return !this.#crlf || bytes[this.#at++] === lineFeed
  }

  #emptyCell(column: number): void {
    this.#cells[column] = emptyOf[column]!
    if (column === siteAt) this.#siteFrom = this.#siteTo = this.#at
  }

  #readCell(bytes: Uint8Array, column: number): boolean {
    const made = madeOf[column]!
    if (made === ofDigits) {
      const value = this.#number(bytes)
      this.#cells[column] = value
      this.#present |= bitOf[column]!
      return value >= 0 && value <= maxOf[column]!
    }
    if (made === ofLetters) {
      const code = this.#word(bytes, wordsOf[column]!)
      this.#cells[column] = code
      return code >= 0
    }
    if (made === ofId) return this.#id(bytes, column)
    if (made === ofSite) {
      this.#site(bytes)
      return true
    }
    if (made === ofSignedDigits) {
      this.#present |= bitOf[column]!
      return this.#signed(bytes, column)
    }
    this.#text(bytes)
    return true
  }

  /** A number without sign; -1 if there is none, or one too long. */
  #number(bytes: Uint8Array): number {
    const from = this.#at
    let at = from
    let value = 0
    for (let byte = bytes[at]!; byte >= zero && byte <= nine; byte = bytes[++at]!)
      value = value * 10 + (byte - zero)
    this.#at = at
    return at === from || at - from > maxDigits ? -1 : value
  }

  #signed(bytes: Uint8Array, column: number): boolean {
    const negative = bytes[this.#at] === minus
    if (negative) this.#at++
    const value = this.#number(bytes)
    this.#cells[column] = negative ? -value : value
    return value >= 0 && value <= (negative ? maxInt + 1 : maxInt)
  }

  #word(bytes: Uint8Array, { next, code }: WordMachine): number {
    let at = this.#at
    let state = firstState
    // All of a word's bytes are greater than a comma, and all that may end a cell are not.
    for (let byte = bytes[at]!; byte > comma; byte = bytes[++at]!)
      state = next[(state << 5) | letterClasses[byte]!]!
    this.#at = at
    return code[state]!
  }

  /** An id: its number into the cell, and the entity's kind beside it. An owner is a stream. */
  #id(bytes: Uint8Array, column: number): boolean {
    const kind = kindOfLetter[bytes[this.#at]!]!
    if (kind < 0) return false
    const first = bytes[++this.#at]!
    const from = this.#at
    const number = this.#number(bytes)
    this.#cells[column] = number
    if (number < 0 || number > maxUnsignedInt || (first === zero && this.#at > from + 1)) return false
    if (column === ownerAt) return kind === stream
    this.#kind = kind
    return true
  }

  /** A site's code, or -1, for it may be an applet's name: only the event says. */
  #site(bytes: Uint8Array): void {
    this.#siteFrom = this.#at
    const code = this.#word(bytes, siteWords)
    const wordTo = this.#at
    this.#text(bytes)
    this.#siteTo = this.#at
    this.#cells[siteAt] = this.#at === wordTo ? code : -1
  }

  #text(bytes: Uint8Array): void {
    let at = this.#at
    for (
      let byte = bytes[at]!;
      byte !== comma && byte !== lineFeed && byte !== carriageReturn;
      byte = bytes[++at]!
    );
    this.#at = at
  }

  // Cells into a batch.

  /** Adds a row to the batch, if its cells are those that its event demands. */
  #store(bytes: Uint8Array, batch: OpenBatch, i: number): boolean {
    const cells = this.#cells
    const event = cells[eventAt]!
    if (cells[timeAt]! < 0 || event < 0) return false
    const kind = cells[entityAt]! < 0 ? -1 : this.#kind
    const named = event === appletNew || event === appletRun
    const site = named ? this.#appletNames.index(bytes, this.#siteFrom, this.#siteTo) : cells[siteAt]!
    if (site < 0 || !this.#fits(event, kind, site)) return false
    // Only now, for this is seen outside: an id that the reference would not reach must not have a slot.
    batch.entity[i] = kind < 0 ? noEntity : this.#entities.slot(kind, cells[entityAt]!)
    batch.owner[i] = cells[ownerAt]! < 0 ? noEntity : this.#entities.slot(stream, cells[ownerAt]!)
    batch.site[i] = named ? firstAppletName + site : site
    batch.timeUs[i] = cells[timeAt]!
    batch.event[i] = event
    batch.side[i] = cells[sideAt]!
    batch.margin[i] = cells[marginAt]!
    batch.req[i] = cells[reqAt]!
    batch.res[i] = cells[resAt]!
    batch.result[i] = cells[resultAt]!
    batch.avail[i] = cells[availAt]!
    batch.threshold[i] = cells[thresholdAt]!
    batch.allocated[i] = cells[allocatedAt]!
    batch.used[i] = cells[usedAt]!
    batch.taskRq[i] = cells[taskRqAt]!
    batch.appletRq[i] = cells[appletRqAt]!
    batch.present[i] = this.#present
    return true
  }

  /** Whether a row's cells go together; `RowReader` says what is wrong with one where they do not. */
  #fits(event: number, kind: number, site: number): boolean {
    if (kind < 0 ? !entityOptional[event] : (kindMask[event]! & (1 << kind)) === 0) return false
    const wanted = numberMaskOf[event]!
    if ((this.#present & wanted) !== wanted) return false
    const results = resultMaskOf[event]!
    if (results !== 0 && (results & (1 << this.#cells[resultAt]!)) === 0) return false
    if (event === appletRun) return this.#cells[ownerAt]! >= 0
    const sites = siteMaskOf[event]!
    if (sites !== 0 && (sites & (1 << site)) === 0) return false
    if (event === alloc) return this.#fitsPlace(allocFormAt[site]!, kind)
    return event !== release || this.#fitsPlace(releaseFormAt[site]!, kind)
  }

  /** What the site of an `alloc` or a `release` demands. */
  #fitsPlace(form: forms.PlaceForm, kind: number): boolean {
    const cells = this.#cells
    if (kind !== form.kind || cells[ownerAt]! < 0) return false
    if (kind === stream && cells[ownerAt] !== cells[entityAt]) return false
    if ((form.sideMask & (1 << cells[sideAt]!)) === 0) return false
    return !form.states || (cells[reqAt]! > 0 && cells[resAt]! > 0)
  }
}
