import type { RowBatch } from "../domain/batch.ts"

/** What a decoder may be asked to be patient with. */
export interface DecoderOptions {
  /** Drop a last line that has no line end, as a process that died leaves it. */
  readonly allowTorn: boolean
}

/**
 * Bytes of one trace in, batches out; synchronous. Both methods throw `BadTrace`, and are not called again after that.
 * The first batch of a trace comes as soon as its head is read and may have no rows.
 */
export interface TraceDecoder {
  /** Decodes the next bytes; the caller may reuse them afterwards. */
  push(bytes: Uint8Array): ReadonlyArray<RowBatch>
  /** The end of the trace. */
  end(): ReadonlyArray<RowBatch>
  /** The line of the first byte that is not decoded yet, 1 for the first. */
  readonly line: number
  /** After the end: the line that was torn and dropped, if `allowTorn` let it. */
  readonly tornLine: number | undefined
}
