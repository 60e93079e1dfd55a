import type { TraceFormat } from "./formats.ts"
import { ParquetDecoder } from "./parquet/decoder.ts"
import { magic } from "./parquet/schema.ts"
import { ParquetWriter } from "./parquet/writer.ts"

export const parquet: TraceFormat = {
  name: "parquet",
  summary: "Parquet: columns, compressed by zstd; version 1",
  fileNames: /\.parquet$/i,
  recognises: (start) => magic.every((byte, at) => start[at] === byte),
  pieces: (trace, fileBytes, options) => new ParquetDecoder(trace, fileBytes, options),
  isText: false,
  writer: (head) => new ParquetWriter(head),
}
