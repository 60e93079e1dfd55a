import { CsvError, parse } from "csv-parse/sync"
import type { TraceHead } from "../domain/batch.ts"
import { EntityTable } from "../domain/entity.ts"
import { BadTrace, quoted } from "../domain/errors.ts"
import { columnNames, type ColumnName } from "../domain/vocabulary.ts"
import { placeOfCell } from "./csv-places.ts"
import { firstLine, preambleLine, readPreamble, type PreambleProblem } from "./preamble.ts"

/** Where each column of the format stands in this file's records. */
export type Columns = Readonly<Record<ColumnName, number>>

/** The head of a CSV trace: what its preamble and its header line say. */
export interface CsvHead {
  readonly head: TraceHead & { readonly appletNames: Array<string> }
  readonly columns: Columns
  /** How many cells each row has, further columns included. */
  readonly width: number
}

/** A preamble is a few lines; what claims to be one must not fill the memory. */
const maxHeadLength = 1 << 20

interface Entry {
  readonly line: number
  readonly keyColumn: number
  readonly valueColumn: number
}

/** Reads the lines of a trace up to its header line. Throws {@link BadTrace}. */
export class HeadReader {
  /** Whether the first line ended in CR LF: then all do. */
  crlf = false
  readonly #name: string
  readonly #entries: Array<readonly [key: string, value: string]> = []
  readonly #places: Array<Entry> = []
  #line = 0
  #length = 0

  constructor(name: string) {
    this.#name = name
  }

  /** Reads the next line, without its line feed. The head, if that was the header line. */
  read(raw: string): CsvHead | undefined {
    this.#line++
    this.#length += raw.length
    if (this.#length > maxHeadLength) {
      throw this.#bad(1, undefined, `a preamble of at most ${maxHeadLength} characters`, "a longer one")
    }
    if (this.#line === 1) {
      this.crlf = raw.endsWith("\r")
      this.#firstLine(this.#withoutReturn(raw.startsWith("\ufeff") ? raw.slice(1) : raw))
      return undefined
    }
    const text = this.#withoutReturn(raw)
    if (!text.startsWith("#")) return this.#header(text)
    this.#preambleLine(text)
    return undefined
  }

  #withoutReturn(raw: string): string {
    return this.crlf && raw.endsWith("\r") ? raw.slice(0, -1) : raw
  }

  #firstLine(text: string): void {
    if (text !== firstLine) throw wrongFirstLine(this.#name, text)
  }

  #preambleLine(text: string): void {
    const entry = preambleLine(text)
    if (entry === undefined) throw this.#bad(1, undefined, 'a preamble line "# key: value"', quoted(text))
    this.#entries.push(entry)
    const colon = text.indexOf(":")
    const gap = text.slice(colon + 1).length - text.slice(colon + 1).trimStart().length
    this.#places.push({
      line: this.#line,
      keyColumn: 1 + text.slice(1).search(/\S/) + 1,
      valueColumn: Array.from(text.slice(0, colon + 1)).length + gap + 1,
    })
  }

  #header(text: string): CsvHead {
    const preamble = readPreamble(this.#entries)
    if ("entry" in preamble) throw this.#badPreamble(preamble)
    const names = this.#cells(text)
    const columns = this.#columns(text, names)
    const head = { name: this.#name, preamble, entities: new EntityTable(), appletNames: [] }
    return { head, columns, width: names.length }
  }

  #badPreamble({ entry, key, expected, found }: PreambleProblem): BadTrace {
    const place = this.#places[entry]
    if (place === undefined) return this.#bad(1, undefined, expected, found ?? "none")
    this.#line = place.line
    if (found !== undefined) return this.#bad(place.keyColumn, undefined, expected, found)
    const value = this.#entries[entry]![1]
    return this.#bad(place.valueColumn, key, expected, value === "" ? "nothing" : quoted(value))
  }

  #columns(text: string, names: ReadonlyArray<string>): Columns {
    const columns: Partial<Record<ColumnName, number>> = {}
    for (const [at, name] of names.entries()) {
      if (!isColumnName(name)) continue
      if (columns[name] !== undefined) {
        const { column } = placeOfCell(text, 0, at, { crlf: this.crlf, quotes: true })
        throw this.#bad(column, undefined, `the column "${name}" once`, "it a second time")
      }
      columns[name] = at
    }
    const missing = columnNames.find((name) => columns[name] === undefined)
    if (missing === undefined) return columns as Columns
    throw this.#bad(
      1,
      undefined,
      `a header line with the column "${missing}"`,
      text === "" ? "an empty line" : `one without it, ${quoted(text)}`,
    )
  }

  #cells(text: string): ReadonlyArray<string> {
    // Not only the faster way: csv-parse, compiled for texts with quotes, is slower for all the rows to come.
    if (!text.includes('"')) return text.split(",")
    try {
      return parse(text)[0] ?? []
    } catch (error) {
      if (!(error instanceof CsvError)) throw error
      throw this.#bad(1, undefined, "a header line of column names between commas", quoted(text))
    }
  }

  #bad(column: number, cell: string | undefined, expected: string, found: string): BadTrace {
    return new BadTrace({
      trace: this.#name,
      line: this.#line,
      column,
      cell,
      expected,
      found,
      advice: undefined,
    })
  }
}

const isColumnName = (name: string): name is ColumnName =>
  (columnNames as ReadonlyArray<string>).includes(name)

/** The error for a file that does not begin as a trace does. */
export const wrongFirstLine = (trace: string, text: string): BadTrace => {
  const advice = /^# wakediff trace \d+$/.test(text)
    ? "This wakediff reads version 1 of the format"
    : "Is it a trace at all?"
  return new BadTrace({
    trace,
    line: 1,
    column: 1,
    cell: undefined,
    expected: `the first line of a trace, "${firstLine}"`,
    found: text === "" ? "an empty line" : quoted(text),
    advice,
  })
}

/** Whether bytes begin as every trace of the format does, of whatever version. */
export const isTraceStart = (start: Uint8Array): boolean => {
  const text = Buffer.from(start.subarray(0, 64)).toString("utf8")
  return (text.startsWith("\ufeff") ? text.slice(1) : text).startsWith("# wakediff trace")
}
