import { RecordBatchReader } from "apache-arrow"
import { parquetMetadata, parquetRead } from "hyparquet"
import * as fs from "node:fs"
import { zstdDecompressSync } from "node:zlib"
import type { ByteRange } from "../../src/traces/decoder.ts"
import { ParquetDecoder } from "../../src/traces/parquet/decoder.ts"
import { now, type Measurement, type Stage } from "../measured.ts"
import { ownNames, readRows, verifyRows, type DecodeFile } from "./own.ts"

/**
 * hyparquet and nothing else, row group by row group, as all of them at once would be in memory at once. It makes an array of values of each
 * column: texts, numbers, BigInts.
 */
const hyparquet: Measurement = async (path) => {
  const begin = now()
  const bytes = fs.readFileSync(path)
  const file = {
    byteLength: bytes.length,
    slice: (from: number, to = bytes.length) =>
      bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to),
  }
  const compressors = { ZSTD: (compressed: Uint8Array) => zstdDecompressSync(compressed) }
  const metadata = parquetMetadata(file.slice(0))
  const columnCount = metadata.schema.length - 1
  let valueCount = 0
  let rowCount = 0
  for (const { num_rows } of metadata.row_groups) {
    const rowStart = rowCount
    rowCount += Number(num_rows)
    await parquetRead({
      file,
      metadata,
      compressors,
      rowStart,
      rowEnd: rowCount,
      onChunk: ({ columnData }) => {
        valueCount += columnData.length
      },
    })
  }
  if (valueCount !== rowCount * columnCount) throw new Error(`hyparquet read ${valueCount} values`)
  return { rowCount, seconds: now() - begin }
}

const totalOf = (values: ArrayLike<number>, count: number): number => {
  let total = 0
  for (let i = 0; i < count; i++) total += values[i]!
  return total
}

/**
 * apache-arrow and nothing else, over the whole file in memory, which is faster than in blocks. Its columns are views of the file's bytes: so
 * that they are not only found but read, the values of each are added up, of texts their indices.
 */
const apacheArrow: Measurement = (path) => {
  const begin = now()
  let rowCount = 0
  let total = 0
  for (const batch of RecordBatchReader.from(fs.readFileSync(path))) {
    rowCount += batch.numRows
    for (const { values } of batch.data.children) total += totalOf(values as ArrayLike<number>, batch.numRows)
  }
  if (!(total > 0)) throw new Error(`the values add up to ${total}`)
  return Promise.resolve({ rowCount, seconds: now() - begin })
}

/** Without the second thread that the command has for it. */
const decodeColumns: DecodeFile = (path, onBatch) => {
  const descriptor = fs.openSync(path, "r")
  const decoder = new ParquetDecoder(path, fs.fstatSync(descriptor).size, { reuse: true })
  for (let { wants } = decoder; wants !== undefined; { wants } = decoder)
    for (const batch of decoder.take(pieceOf(descriptor, wants))) onBatch(batch)
  fs.closeSync(descriptor)
}

const pieceOf = (descriptor: number, { offset, length }: ByteRange): Uint8Array => {
  const bytes = Buffer.allocUnsafeSlow(length)
  return bytes.subarray(0, fs.readSync(descriptor, bytes, 0, length, offset))
}

const aloneNames = ["hyparquet alone", "apache-arrow alone"] as const
const [hyparquetAlone, arrowAlone] = aloneNames

/** A trace as columns: what others do with it, and what the project does. */
export const columnStages: ReadonlyArray<Stage> = [
  { name: hyparquetAlone, against: aloneNames, reads: "columnar", measure: hyparquet },
  { name: arrowAlone, against: aloneNames, reads: "arrow", measure: apacheArrow },
  { name: "columnar reading", against: aloneNames, reads: "columnar", measure: readRows(decodeColumns) },
  {
    name: "columnar reading + verify",
    against: [ownNames.readingAndVerify],
    reads: "columnar",
    measure: verifyRows(decodeColumns),
  },
]
