import type { RowBatch } from "../domain/batch.ts"

/**
 * Batches of one trace in, the bytes of a file out; synchronous. What is given is the caller's: it is not changed later. All batches have
 * the head that the writer was made for.
 */
export interface TraceWriter {
  /** The bytes that are ready when these rows have come; none, perhaps. */
  push(batch: RowBatch): ReadonlyArray<Uint8Array>
  /** The rest, when the trace has ended. */
  end(): ReadonlyArray<Uint8Array>
}
