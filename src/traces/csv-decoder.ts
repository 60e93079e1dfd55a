import { CsvError, parse, type Options } from "csv-parse/sync"
import { isAscii } from "node:buffer"
import { openBatch, type RowBatch } from "../domain/batch.ts"
import { BadTrace, quoted } from "../domain/errors.ts"
import { compressions } from "./compressions.ts"
import { HeadReader, isTraceStart, wrongFirstLine, type CsvHead } from "./csv-head.ts"
import { characterCount, placeOfBadByte, placeOfCell, placeOfOpenQuote } from "./csv-places.ts"
import { CellProblem } from "./csv-problems.ts"
import { PlainReader } from "./csv-plain.ts"
import { linesOf, wholeRecords } from "./csv-records.ts"
import { RowReader } from "./csv-rows.ts"
import type { DecoderOptions, TraceDecoder } from "./decoder.ts"
import { foreignData } from "./foreign.ts"
import { firstLine } from "./preamble.ts"

/** No line of a trace is longer; a file without line ends must not be read into memory. */
const maxLineBytes = 1 << 20
/** So many bytes tell that a file is no trace, whether its first line has ended or not. */
const startBytes = 512
/**
 * How much csv-parse is given at a time. Measured, 8 to 64 KiB: with more, its texts outlive V8's youngest generation,
 * which then grows: 20 % slower, and 380 MB instead of 140.
 */
const parsedBytes = 16 * 1024
const quote = 0x22
const lineEnd = 0x0a

/** How a CSV trace may be read. */
export interface CsvOptions extends DecoderOptions {
  /** `false` leaves every row to csv-parse: the reference that tests hold the plain reader to. */
  readonly plainRows?: boolean
}

/**
 * Decodes CSV traces from bytes as they come: pushes in, batches out, synchronous. Throws {@link BadTrace}.
 *
 * Rows of the plain kind go straight from bytes to columns ({@link PlainReader}). Where it stops, and wherever there are
 * quotes, csv-parse reads the CSV, one call a block of whole lines; so every error is found, placed and worded there.
 */
export class CsvDecoder implements TraceDecoder {
  tornLine: number | undefined = undefined

  readonly #name: string
  readonly #options: CsvOptions
  readonly #headReader: HeadReader
  /** Bytes that wait for the rest of their line, or of their quoted cell. */
  #carry: Uint8Array = new Uint8Array(0)
  #line = 1
  #head: CsvHead | undefined
  #rows: RowReader | undefined
  #plain: PlainReader | undefined
  #sawBytes = false

  constructor(name: string, options: CsvOptions) {
    this.#name = name
    this.#options = options
    this.#headReader = new HeadReader(name)
  }

  get line(): number {
    return this.#line
  }

  push(bytes: Uint8Array): ReadonlyArray<RowBatch> {
    if (bytes.length === 0) return []
    this.#sawBytes = true
    let block = bytes
    let cut = block.lastIndexOf(lineEnd) + 1
    if (this.#carry.length > 0) {
      if (cut > 0) cut += this.#carry.length
      block = Buffer.concat([this.#carry, block])
    }
    if (this.#line === 1) this.#refuseForeign(block)
    const { batches, decoded } =
      cut === 0 ? { batches: [], decoded: 0 } : this.#decode(block.subarray(0, cut))
    // A copy, for the caller may reuse its buffer.
    this.#carry =
      decoded === block.length ? new Uint8Array(0) : Uint8Array.prototype.slice.call(block, decoded)
    if (this.#carry.length > maxLineBytes) throw this.#lineTooLong()
    return batches
  }

  end(): ReadonlyArray<RowBatch> {
    if (!this.#sawBytes) {
      throw this.#bad(
        0,
        0,
        `a trace, whose first line is "${firstLine}"`,
        "an empty file",
        "Is it a trace at all?",
      )
    }
    if (this.#carry.length > 0) this.#endWithin(this.#carry)
    if (this.#rows === undefined) {
      const advice = "The file is cut off"
      throw this.#bad(this.#line, 1, "a header line that names the columns", "the end of the file", advice)
    }
    const last = this.#rows.take()
    return last === undefined ? [] : [last]
  }

  /** The file ends in the middle of a line. */
  #endWithin(rest: Uint8Array): void {
    if (rest.includes(lineEnd)) throw this.#quoteNotClosed()
    const text = Buffer.from(rest).toString("utf8")
    if (this.#line === 1 && !firstLine.startsWith(text)) throw wrongFirstLine(this.#name, text)
    if (!this.#options.allowTorn || this.#rows === undefined) {
      const advice =
        this.#rows === undefined
          ? "The file is cut off"
          : "The recording was cut off: --allow-torn drops this line"
      const found = `a torn last line, ${quoted(text)}`
      throw this.#bad(this.#line, characterCount(rest) + 1, "a line end", found, advice)
    }
    this.tornLine = this.#line
  }

  // Whole lines.

  /** Decodes what it can of some whole lines; `decoded` is how many bytes that are. */
  #decode(block: Uint8Array): { batches: ReadonlyArray<RowBatch>; decoded: number } {
    this.#refuseBadBytes(block)
    let from = 0
    const batches: Array<RowBatch> = []
    while (this.#rows === undefined) {
      if (from === block.length) return { batches, decoded: from }
      const to = block.indexOf(lineEnd, from) + 1
      this.#head = this.#headReader.read(Buffer.from(block.subarray(from, to - 1)).toString("utf8"))
      this.#line++
      from = to
      if (this.#head === undefined) continue
      this.#rows = new RowReader(this.#head)
      if (this.#options.plainRows !== false) this.#plain = new PlainReader(this.#head, this.#headReader.crlf)
      batches.push(openBatch(this.#head.head, 0, 0))
    }
    return { batches, decoded: this.#body(block, from, batches) }
  }

  /** Decodes rows from `from` on; returns how far it came. */
  #body(block: Uint8Array, from: number, batches: Array<RowBatch>): number {
    // Without a quote anywhere, csv-parse need not look for one, and each line is a record.
    if (block.indexOf(quote, from) >= 0) {
      const body = block.subarray(from)
      const whole = wholeRecords(body)
      if (whole > 0) this.#records(body.subarray(0, whole), true, batches)
      return from + whole
    }
    let at = from
    while (at < block.length) {
      const last = block.lastIndexOf(lineEnd, at + parsedBytes - 1)
      const end = (last >= at ? last : block.indexOf(lineEnd, at)) + 1
      const rest = this.#plainRows(block, at, end, batches)
      if (rest < end) this.#records(block.subarray(rest, end), false, batches)
      at = end
    }
    return at
  }

  /** Decodes plain rows from `from` on, up to the first that is none; returns how far it came. */
  #plainRows(block: Uint8Array, from: number, to: number, batches: Array<RowBatch>): number {
    if (this.#plain === undefined) return from
    const rows = this.#rows!
    for (let at = from; ;) {
      const { open } = rows
      const before = open.rowCount
      at = this.#plain.read(block, at, to, open, this.#line)
      this.#line += open.rowCount - before
      if (open.rowCount < open.event.length) return at
      batches.push(rows.take()!)
    }
  }

  #records(block: Uint8Array, quotes: boolean, batches: Array<RowBatch>): void {
    const { crlf } = this.#headReader
    const options: Options = {
      delimiter: ",",
      record_delimiter: crlf ? "\r\n" : "\n",
      encoding: isAscii(block) ? "latin1" : "utf8",
      quote: quotes ? '"' : null,
      escape: quotes ? '"' : null,
      relax_column_count: true,
    }
    let records: ReadonlyArray<ReadonlyArray<string>>
    try {
      records = parse(Buffer.from(block.buffer, block.byteOffset, block.byteLength), options) as never
    } catch (error) {
      if (!(error instanceof CsvError)) throw error
      throw this.#badQuotes(block, error)
    }
    const lines = quotes || crlf ? linesOf(records, this.#line) : undefined
    try {
      const full = this.#rows!.read(records, this.#line, lines?.of)
      if (full !== undefined) batches.push(full)
      this.#line = lines?.next ?? this.#line + records.length
    } catch (problem) {
      if (!(problem instanceof CellProblem)) throw problem
      throw this.#badCell(block, quotes, problem)
    }
  }

  // Errors.

  #badCell(block: Uint8Array, quotes: boolean, problem: CellProblem): BadTrace {
    const text = Buffer.from(block).toString("utf8")
    const { crlf } = this.#headReader
    const cell = problem.cell === undefined ? 0 : this.#head!.columns[problem.cell]
    const place = placeOfCell(text, problem.record - this.#rows!.rowsBefore, cell, { crlf, quotes })
    const found =
      problem.cell === undefined
        ? problem.found
        : problem.found === ""
          ? "an empty cell"
          : quoted(problem.found)
    return this.#bad(
      this.#line + place.lineOffset,
      place.column,
      problem.expected,
      found,
      undefined,
      problem.cell,
    )
  }

  #badQuotes(block: Uint8Array, error: CsvError): BadTrace {
    const number = (key: string) => (typeof error[key] === "number" ? error[key] : 0)
    const { crlf } = this.#headReader
    const text = Buffer.from(block).toString("utf8")
    const place = placeOfCell(text, number("records"), number("column"), { crlf, quotes: true })
    const found = error.code.endsWith("CLOSING_QUOTE")
      ? "text behind the closing quote"
      : "a quote in the middle of it"
    const expected = "a cell that is quoted as a whole, or not at all"
    const advice = "A quote in a cell is written as two, and the cell between quotes"
    return this.#bad(this.#line + place.lineOffset, place.column, expected, found, advice)
  }

  #quoteNotClosed(): BadTrace {
    const place = placeOfOpenQuote(Buffer.from(this.#carry).toString("utf8"))
    const line = this.#line + place.lineOffset
    return this.#bad(
      line,
      place.column,
      "a quote that closes this cell",
      "none",
      "A stray quote, or a file that is cut off",
    )
  }

  #lineTooLong(): BadTrace {
    if (this.#carry.includes(lineEnd)) return this.#quoteNotClosed()
    return this.#bad(
      this.#line,
      maxLineBytes + 1,
      `lines of at most ${maxLineBytes} bytes`,
      "a longer one",
      undefined,
    )
  }

  /** Refuses what is no trace by its first bytes, so that neither its size nor its lack of lines matters. */
  #refuseForeign(block: Uint8Array): void {
    const start = block.subarray(0, startBytes)
    if (isTraceStart(start)) return
    const found = foreignData(start)
    if (found !== undefined) {
      const advice = `wakediff reads CSV, plain or compressed by ${compressions.map(({ name }) => name).join(" or ")}, and its own Parquet`
      throw this.#bad(1, 1, `the first line of a trace, "${firstLine}"`, found, advice)
    }
    if (start.length === startBytes && !start.includes(lineEnd)) {
      throw wrongFirstLine(this.#name, Buffer.from(start).toString("utf8"))
    }
  }

  #refuseBadBytes(block: Uint8Array): void {
    const place = placeOfBadByte(block)
    if (place === undefined) return
    const found = `the byte 0x${place.byte.toString(16).padStart(2, "0")}`
    const expected = place.byte === 0 ? "text" : "text in UTF-8"
    throw this.#bad(this.#line + place.lineOffset, place.column, expected, found, "The file is damaged")
  }

  #bad(
    line: number,
    column: number,
    expected: string,
    found: string,
    advice: string | undefined,
    cell?: string,
  ): BadTrace {
    return new BadTrace({ trace: this.#name, line, column, cell, expected, found, advice })
  }
}
