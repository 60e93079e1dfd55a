import type { TraceHead } from "../domain/batch.ts"
import { csv } from "./csv.ts"
import type { DecoderOptions, PieceDecoder, PieceOptions, TraceDecoder } from "./decoder.ts"
import { parquet } from "./parquet.ts"
import type { TraceWriter } from "./writer.ts"

/** A format that traces are read from: one value in one file, and a line in {@link formats}. */
export type TraceFormat = FormatFacts & (SequentialFormat | PieceFormat)

interface FormatFacts {
  readonly name: string
  readonly summary: string
  /** File names that promise this format: a file of a folder that bears one is read, whatever it holds. */
  readonly fileNames: RegExp
  /** Whether the first bytes of a trace, decompressed, are of this format. */
  readonly recognises: (start: Uint8Array) => boolean
  /** Whether it is text, which a terminal may show. */
  readonly isText: boolean
  /** A writer for one trace. */
  readonly writer: (head: TraceHead) => TraceWriter
}

/** A format that is read from its beginning to its end. */
export interface SequentialFormat {
  /** A decoder for one trace; `trace` is its name in errors. */
  readonly decoder: (trace: string, options: DecoderOptions) => TraceDecoder
}

/** A format that is read in pieces, in an order of its own. */
export interface PieceFormat {
  /** A decoder for one trace, whose file has so many bytes; `trace` is its name in errors. */
  readonly pieces: (trace: string, fileBytes: number, options: PieceOptions) => PieceDecoder
}

export const formats: readonly [TraceFormat, ...Array<TraceFormat>] = [csv, parquet]

/** What becomes of data that is no format's: this one's decoder says what is wrong. */
const assumed = csv

/** The format of a trace by its first bytes; CSV where none fits, whose decoder says what is wrong. */
export const formatOf = (start: Uint8Array): TraceFormat =>
  formats.find((format) => format.recognises(start)) ?? assumed
