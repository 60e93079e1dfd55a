import type { RowBatch } from "../../src/domain/batch.ts"
import type { PieceOptions } from "../../src/traces/decoder.ts"
import { ParquetDecoder } from "../../src/traces/parquet/decoder.ts"
import { ParquetWriter } from "../../src/traces/parquet/writer.ts"
import { writeBatch, writeHead } from "../../src/traces/write.ts"

/** A trace as Parquet. */
export const parquetOf = (batches: Iterable<RowBatch>): Buffer => {
  let writer: ParquetWriter | undefined
  const parts: Array<Uint8Array> = []
  for (const batch of batches) {
    writer ??= new ParquetWriter(batch.head)
    parts.push(...writer.push(batch))
  }
  return Buffer.concat([...parts, ...writer!.end()])
}

/** The batches of a trace in Parquet. */
export function* decodeParquet(
  bytes: Uint8Array,
  options: PieceOptions = { reuse: false },
): Generator<RowBatch> {
  const decoder = new ParquetDecoder("test.parquet", bytes.length, options)
  while (decoder.wants !== undefined) {
    const { offset, length } = decoder.wants
    yield* decoder.take(bytes.subarray(offset, offset + length))
  }
}

/** The canonical CSV of some batches. */
export const csvOf = (batches: Iterable<RowBatch>): string => {
  const texts: Array<string> = []
  for (const batch of batches) {
    if (texts.length === 0) texts.push(writeHead(batch.head.preamble))
    texts.push(writeBatch(batch))
  }
  return texts.join("")
}
