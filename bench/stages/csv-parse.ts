import { parse, type Options } from "csv-parse"
import { parse as parseSync } from "csv-parse/sync"
import * as fs from "node:fs"
import { blockLength, blocksOf, now, type Measurement, type Stage } from "../measured.ts"

/** Where the first row begins: csv-parse alone is spared the preamble and the header line. */
const bodyOffset = (file: string): number => {
  const start = blocksOf(file, 0, blockLength).next().value!.toString("latin1")
  return start.indexOf("\n", start.indexOf("\nseq,") + 1) + 1
}

const whole = (name: string, rowCount: number): number => {
  if (rowCount > 0) return rowCount
  throw new Error(`${name} read no row`)
}

const noQuotes: Options = { quote: null, escape: null, record_delimiter: "\n", delimiter: "," }

const csvStream =
  (options: Options, onRecord: boolean): Measurement =>
  (file) =>
    new Promise((resolve, reject) => {
      let rowCount = 0
      const count = () => {
        rowCount++
        return null
      }
      const begin = now()
      const parser = parse(onRecord ? { ...options, on_record: count } : options)
      fs.createReadStream(file, { start: bodyOffset(file), highWaterMark: blockLength }).pipe(parser)
      if (onRecord) parser.resume()
      else parser.on("data", count)
      parser.on("error", reject)
      parser.on("end", () => resolve({ rowCount: whole("csv-parse", rowCount), seconds: now() - begin }))
    })

/** csv-parse's synchronous form on blocks that end with a line. */
const csvBlocks =
  (options: Options, kibibytes: number): Measurement =>
  (file) => {
    const begin = now()
    let rowCount = 0
    let carry: Buffer = Buffer.alloc(0)
    for (const block of blocksOf(file, bodyOffset(file), kibibytes * 1024)) {
      const cut = block.lastIndexOf(10) + 1
      const records: ReadonlyArray<unknown> = parseSync(
        Buffer.concat([carry, block.subarray(0, cut)]),
        options,
      )
      rowCount += records.length
      carry = Buffer.from(block.subarray(cut))
    }
    return Promise.resolve({ rowCount: whole("csv-parse", rowCount), seconds: now() - begin })
  }

/** csv-parse and nothing else, in every configuration that promises to be fast. */
const csvMeasurements: Readonly<Record<string, Measurement>> = {
  "csv-parse: stream, defaults": csvStream({}, false),
  "csv-parse: stream, no quotes": csvStream(noQuotes, false),
  "csv-parse: stream, no quotes, on_record null": csvStream(noQuotes, true),
  "csv-parse: sync, 64 KiB": csvBlocks(noQuotes, 64),
  "csv-parse: sync, 16 KiB, latin1": csvBlocks({ ...noQuotes, encoding: "latin1" }, 16),
  "csv-parse: sync, 64 KiB, latin1": csvBlocks({ ...noQuotes, encoding: "latin1" }, 64),
  "csv-parse: sync, 256 KiB, latin1": csvBlocks({ ...noQuotes, encoding: "latin1" }, 256),
}

export const csvParseNames: ReadonlyArray<string> = Object.keys(csvMeasurements)

export const csvParseStages: ReadonlyArray<Stage> = Object.entries(csvMeasurements).map(
  ([name, measure]) => ({
    name,
    against: csvParseNames,
    measure,
  }),
)
