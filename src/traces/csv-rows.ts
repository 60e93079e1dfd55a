import { openBatch, type OpenBatch, type TraceHead } from "../domain/batch.ts"
import { NONE as none } from "../domain/entity.ts"
import { formOf } from "../domain/row-forms.ts"
import * as vocabulary from "../domain/vocabulary.ts"
import type { ColumnName } from "../domain/vocabulary.ts"
import * as cells from "./cells.ts"
import * as forms from "./forms.ts"
import type { PlaceForm } from "./forms.ts"
import type { Columns, CsvHead } from "./csv-head.ts"
import {
  anyOf,
  CellProblem,
  either,
  missingCell,
  oneOf,
  unknownEvent,
  wrongSeq,
  wrongSite,
  wrongWidth,
} from "./csv-problems.ts"
import { WordTable } from "./word-table.ts"

// V8 folds a constant of this module into the code of a loop, but reads an imported binding anew at each use.
const NONE = none
const { Event, Kind, Present } = vocabulary
const { bufferStateNames, entityKinds, eventNames, firstAppletName, resultNames, sideNames, siteNames } =
  vocabulary
const { idNumber, maxInt, maxUnsignedInt, signedInt, unsigned } = cells
const { allocFormAt, entityOptional, kindMask, numberMaskOf, releaseFormAt, resultMaskOf, siteMaskOf } = forms

/** HAProxy has a dozen of applets; a column of random names must not fill the memory. */
export const maxAppletNames = 4096
export const maxAppletNameLength = 256
/** So many ids fit the table: a Map ends at 2^24 entries. */
export const maxEntities = 15_000_000

/** Not a power of two: columns whose distance is one contend for the same lines of the processor's cache. */
const batchRows = 5003

const eventCode = new WordTable(eventNames)
const siteCode = new WordTable(siteNames)
const sideCode = new WordTable(sideNames)
const stateCode = new WordTable(bufferStateNames)
const resultCode = new WordTable(resultNames)
const kindOfLetter = new Int8Array(128).fill(-1)
for (const [kind, { letter }] of entityKinds.entries()) kindOfLetter[letter.charCodeAt(0)] = kind

/**
 * Turns records of csv-parse into a batch of columns: one pass, no object a row. Throws a {@link CellProblem} at the
 * first cell that the format does not allow.
 */
export class RowReader {
  readonly #columns: Columns
  readonly #width: number
  readonly #head: TraceHead & { readonly appletNames: Array<string> }
  readonly #appletCode = new Map<string, number>()
  /** The `seq` of the first row behind the batches that have been given. */
  #nextRow = 0

  constructor({ columns, width, head }: CsvHead) {
    this.#columns = columns
    this.#width = width
    this.#head = head
  }

  /** How many rows the open batch had before the last `read`: a {@link CellProblem} counts its record from there. */
  rowsBefore = 0
  #open: OpenBatch | undefined

  /** The batch that is being filled. Who adds rows to it, of their own reading, counts them in its `rowCount`. */
  get open(): OpenBatch {
    return (this.#open ??= openBatch(this.#head, batchRows, this.#nextRow))
  }

  /** What has been read since the last batch was given, and room for a new one. */
  take(): OpenBatch | undefined {
    const batch = this.#open
    this.#open = undefined
    if (batch === undefined || batch.rowCount === 0) return undefined
    this.#nextRow = batch.firstRow + batch.rowCount
    return batch
  }

  /**
   * Reads the records of a block. Gives a batch when one is full: a batch is far larger than a block, for the replay
   * runs half as fast over columns of a few hundred rows. `firstLine`: the line of the first record; `lineOf`: the lines
   * of all, where a record may span several.
   */
  read(
    records: ReadonlyArray<ReadonlyArray<string>>,
    firstLine: number,
    lineOf: Uint32Array | undefined,
  ): OpenBatch | undefined {
    const full =
      this.#open !== undefined && this.#open.rowCount + records.length > batchRows ? this.take() : undefined
    this.#open ??= openBatch(this.#head, Math.max(batchRows, records.length), this.#nextRow)
    const batch = this.#open
    const before = batch.rowCount
    const nextRow = batch.firstRow + before
    this.rowsBefore = before
    if (this.#head.entities.count > maxEntities) {
      throw new CellProblem(
        before,
        "entity",
        `a trace of at most ${maxEntities} entities`,
        records[0]?.[this.#columns.entity] ?? "",
      )
    }
    const width = this.#width
    const at = this.#columns
    const { timeUs, margin, avail, threshold, allocated, used, taskRq, appletRq, present } = batch
    for (let r = 0; r < records.length; r++) {
      const record = records[r]!
      const i = before + r
      if (record.length !== width) throw wrongWidth(i, width, record)
      batch.line[i] = lineOf === undefined ? firstLine + r : lineOf[r]!
      const seq = record[at.seq]!
      if (unsigned(seq, Number.MAX_SAFE_INTEGER) !== nextRow + r) throw wrongSeq(i, nextRow + r, seq)
      const time = unsigned(record[at.time_us]!, Number.MAX_SAFE_INTEGER)
      if (time < 0) throw new CellProblem(i, "time_us", "microseconds as a whole number", record[at.time_us]!)
      timeUs[i] = time

      const eventText = record[at.event]!
      const event = eventCode.code(eventText)
      if (event < 0) throw unknownEvent(i, eventText)
      batch.event[i] = event
      const kind = this.#readEntity(batch, i, event, record[at.entity]!)
      const ownerText = record[at.owner]!
      batch.owner[i] = ownerText === "" ? NONE : this.#stream(i, ownerText)

      let given = 0
      let text = record[at.margin]!
      if (text !== "") {
        margin[i] = numberCell(i, "margin", text, maxInt)
        given |= Present.margin
      }
      text = record[at.avail]!
      if (text !== "") {
        const value = signedInt(text)
        if (Number.isNaN(value))
          throw new CellProblem(i, "avail", `a whole number from ${-maxInt - 1} to ${maxInt}`, text)
        avail[i] = value
        given |= Present.avail
      }
      text = record[at.threshold]!
      if (text !== "") {
        threshold[i] = numberCell(i, "threshold", text, maxUnsignedInt)
        given |= Present.threshold
      }
      text = record[at.allocated]!
      if (text !== "") {
        allocated[i] = numberCell(i, "allocated", text, maxUnsignedInt)
        given |= Present.allocated
      }
      text = record[at.used]!
      if (text !== "") {
        used[i] = numberCell(i, "used", text, maxUnsignedInt)
        given |= Present.used
      }
      text = record[at.task_rq]!
      if (text !== "") {
        taskRq[i] = numberCell(i, "task_rq", text, maxUnsignedInt)
        given |= Present.taskRq
      }
      text = record[at.applet_rq]!
      if (text !== "") {
        appletRq[i] = numberCell(i, "applet_rq", text, maxUnsignedInt)
        given |= Present.appletRq
      }
      present[i] = given
      this.#readWords(batch, i, event, kind, record)
    }
    batch.rowCount = before + records.length
    return full
  }

  /** The row's entity into its column; returns its kind, or -1. */
  #readEntity(batch: OpenBatch, i: number, event: number, text: string): number {
    if (text === "") {
      if (!entityOptional[event]) throw missingCell(i, "entity", event)
      batch.entity[i] = NONE
      return -1
    }
    const letter = text.charCodeAt(0)
    const kind = letter < 128 ? kindOfLetter[letter]! : -1
    const number = kind < 0 ? -1 : idNumber(text)
    if (number < 0) {
      throw new CellProblem(i, "entity", "an id: s, t, a or x and a number, such as s12", text)
    }
    if ((kindMask[event]! & (1 << kind)) === 0) {
      const kinds = formOf[event]!.kinds.map((name) => entityKinds[Kind[name]].name)
      const expected = kinds.length === 0 ? "no entity" : anyOf(kinds)
      throw new CellProblem(i, "entity", `${expected} where the event is ${eventNames[event]!}`, text)
    }
    batch.entity[i] = this.#head.entities.slot(kind, number)
    return kind
  }

  #stream(i: number, text: string): number {
    const number = text.charCodeAt(0) === 115 ? idNumber(text) : -1
    if (number < 0) throw new CellProblem(i, "owner", "a stream's id, such as s12", text)
    return this.#head.entities.slot(Kind.stream, number)
  }

  /** The cells that hold words, and what the event demands of them. */
  #readWords(batch: OpenBatch, i: number, event: number, kind: number, record: ReadonlyArray<string>): void {
    const at = this.#columns
    const siteText = record[at.site]!
    if (event === Event.applet_new || event === Event.applet_run) {
      batch.site[i] = firstAppletName + this.#appletName(i, siteText)
    } else if (siteText !== "") {
      const site = siteCode.code(siteText)
      if (site < 0 || (siteMaskOf[event]! !== 0 && (siteMaskOf[event]! & (1 << site)) === 0)) {
        throw wrongSite(i, event, siteText)
      }
      batch.site[i] = site
    } else if (siteMaskOf[event]! !== 0 && (siteMaskOf[event]! & 1) === 0) {
      throw wrongSite(i, event, siteText)
    }

    const resultText = record[at.result]!
    if (resultText !== "" || resultMaskOf[event] !== 0) {
      const result = resultCode.code(resultText)
      if (result < 0 || (resultMaskOf[event]! !== 0 && (resultMaskOf[event]! & (1 << result)) === 0)) {
        throw new CellProblem(
          i,
          "result",
          oneOf(formOf[event]!.results ?? resultNames.slice(1), event),
          resultText,
        )
      }
      batch.result[i] = result
    }

    const sideText = record[at.side]!
    if (sideText !== "") batch.side[i] = word(i, "side", sideCode, sideNames, sideText)
    const reqText = record[at.req]!
    if (reqText !== "") batch.req[i] = word(i, "req", stateCode, bufferStateNames, reqText)
    const resText = record[at.res]!
    if (resText !== "") batch.res[i] = word(i, "res", stateCode, bufferStateNames, resText)

    if (event === Event.alloc) this.#checkForm(batch, i, allocFormAt[batch.site[i]!]!, kind)
    else if (event === Event.release) this.#checkForm(batch, i, releaseFormAt[batch.site[i]!]!, kind)
    else if (event === Event.applet_run && batch.owner[i] === NONE) throw missingCell(i, "owner", event)

    const wanted = numberMaskOf[event]!
    if (wanted !== 0 && (batch.present[i]! & wanted) !== wanted) {
      const name = formOf[event]!.numbers!.find((number) => (batch.present[i]! & Present[number]) === 0)!
      throw missingCell(i, name, event)
    }
  }

  /** What the site of an `alloc` or a `release` demands of its row. */
  #checkForm(batch: OpenBatch, i: number, form: PlaceForm, kind: number): void {
    const { entities } = this.#head
    if (kind !== form.kind) {
      const where = atSite(batch.site[i]!)
      const found = entities.id(batch.entity[i]!)
      throw new CellProblem(i, "entity", `${anyOf([entityKinds[form.kind]!.name])} ${where}`, found)
    }
    if (batch.owner[i] === NONE) throw missingCell(i, "owner", batch.event[i]!)
    if (kind === Kind.stream && batch.owner[i] !== batch.entity[i]) {
      const found = entities.id(batch.owner[i]!)
      const where = atSite(batch.site[i]!)
      throw new CellProblem(
        i,
        "owner",
        `the stream itself, ${entities.id(batch.entity[i]!)}, ${where}`,
        found,
      )
    }
    if ((form.sideMask & (1 << batch.side[i]!)) === 0) {
      const sides = form.sides.map((side) => sideNames[side]!)
      const where = atSite(batch.site[i]!)
      throw new CellProblem(i, "side", `${either(sides)} ${where}`, sideNames[batch.side[i]!]!)
    }
    if (!form.states) return
    if (batch.req[i] === 0) throw missingCell(i, "req", Event.release)
    if (batch.res[i] === 0) throw missingCell(i, "res", Event.release)
  }

  #appletName(i: number, name: string): number {
    const known = this.#appletCode.get(name)
    if (known !== undefined) return known
    const code = this.#head.appletNames.length
    if (name.length > maxAppletNameLength) {
      throw new CellProblem(i, "site", `an applet's name, of at most ${maxAppletNameLength} characters`, name)
    }
    if (code === maxAppletNames) {
      throw new CellProblem(
        i,
        "site",
        `one of the ${maxAppletNames} applet names before it, or fewer names`,
        name,
      )
    }
    this.#head.appletNames.push(name)
    this.#appletCode.set(name, code)
    return code
  }
}

const numberCell = (i: number, cell: ColumnName, text: string, max: number): number => {
  const value = unsigned(text, max)
  if (value < 0) throw new CellProblem(i, cell, `a whole number from 0 to ${max}`, text)
  return value
}

/** A message's words only where there is a message: this is asked of every other row. */
const atSite = (site: number): string => `at ${siteNames[site]!}`

const word = (
  i: number,
  cell: ColumnName,
  table: WordTable,
  words: ReadonlyArray<string>,
  text: string,
): number => {
  const code = table.code(text)
  if (code < 0) throw new CellProblem(i, cell, either(words), text)
  return code
}
