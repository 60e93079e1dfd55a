import { CsvDecoder } from "./csv-decoder.ts"
import { isTraceStart } from "./csv-head.ts"
import type { TraceFormat } from "./formats.ts"

export const csv: TraceFormat = {
  name: "csv",
  summary: "CSV with a preamble, plain or gzip; version 1",
  fileNames: /\.csv(\.gz|\.zst)?$/i,
  recognises: isTraceStart,
  decoder: (trace, options) => new CsvDecoder(trace, options),
}
