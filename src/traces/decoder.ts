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

export interface PieceOptions {
  /** Use the memory of a batch again as soon as the next is asked for. */
  readonly reuse: boolean
}

export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/**
 * The same for a format that is not read from its beginning to its end: the decoder says which bytes it wants, and is given them, all of
 * them. `take` throws `BadTrace`, and is not called again after that. The first batch has the head and no rows.
 */
export interface PieceDecoder {
  /** Undefined: the trace is read. */
  readonly wants: ByteRange | undefined
  take(bytes: Uint8Array): ReadonlyArray<RowBatch>
  /**
   * Lets another thread read what is still wanted, of a file that is open as `descriptor`; undefined where that would gain nothing. To be
   * asked once, when the head has been given; from then on the reader is asked for batches, and `take` no more.
   */
  readAhead?(descriptor: number): ReadAhead | undefined
}

/** A thread that reads ahead. */
export interface ReadAhead {
  /** The next batches, as long as the decoder wants something. Rejects with `BadTrace`. */
  next(): Promise<ReadonlyArray<RowBatch>>
  /** Ends the thread, whatever it does. */
  close(): Promise<void>
}
