import { csv } from "./csv.ts"
import type { DecoderOptions, TraceDecoder } from "./decoder.ts"

/** A format that traces are read from: one value in one file, and a line in {@link formats}. */
export interface TraceFormat {
  readonly name: string
  readonly summary: string
  /** File names that promise this format: a file of a folder that bears one is read, whatever it holds. */
  readonly fileNames: RegExp
  /** Whether the first bytes of a trace, decompressed, are of this format. */
  readonly recognises: (start: Uint8Array) => boolean
  /** A decoder for one trace; `trace` is its name in errors. */
  readonly decoder: (trace: string, options: DecoderOptions) => TraceDecoder
}

export const formats: readonly [TraceFormat, ...Array<TraceFormat>] = [csv]

/** The format of a trace by its first bytes; where none fits, the first one, whose decoder says what is wrong. */
export const formatOf = (start: Uint8Array): TraceFormat =>
  formats.find((format) => format.recognises(start)) ?? formats[0]
