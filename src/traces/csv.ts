import { compressions } from "./compressions.ts"
import { CsvDecoder } from "./csv-decoder.ts"
import { isTraceStart } from "./csv-head.ts"
import { CsvWriter } from "./csv-writer.ts"
import type { TraceFormat } from "./formats.ts"

export const csv: TraceFormat = {
  name: "csv",
  summary: "CSV with a preamble, plain, gzip or zstd; version 1",
  fileNames: new RegExp(
    String.raw`\.csv(${compressions.map(({ suffix }) => `\\${suffix}`).join("|")})?$`,
    "i",
  ),
  recognises: isTraceStart,
  decoder: (trace, options) => new CsvDecoder(trace, options),
  isText: true,
  writer: (head) => new CsvWriter(head),
}
