import type { EntityTable } from "./entity.ts"
import type { Preamble } from "./preamble.ts"

/** What all rows of a trace share. The tables grow while the trace is read; a slot or an index never changes. */
export interface TraceHead {
  /** The trace's name as the user gave it, `-` for standard input. Untrusted text. */
  readonly name: string
  readonly preamble: Preamble
  readonly entities: EntityTable
  /** Applet names by index. Untrusted text. */
  readonly appletNames: ReadonlyArray<string>
}

/**
 * A run of consecutive rows of one trace, one typed array per column.
 *
 * Words are codes of `vocabulary.ts`, entities are slots of the head's table. A cell that may be empty has its bit in
 * `present`; the number of an empty cell is 0. Columns may be longer than `rowCount`; what lies behind it means nothing. A batch is not changed once it has been handed on. The first batch of a
 * trace may have no rows, so that an empty trace has a head too.
 */
export interface RowBatch {
  readonly head: TraceHead
  readonly rowCount: number
  /** The `seq` of the first row; the others follow without a gap. */
  readonly firstRow: number
  /** Per row: the line of the file, 1 for the first. */
  readonly line: Uint32Array
  /** Microseconds since the recording began. */
  readonly timeUs: Float64Array
  readonly event: Uint8Array
  readonly entity: Int32Array
  readonly owner: Int32Array
  /** A code of `siteNames`, or `firstAppletName` plus an index into the head's `appletNames`. */
  readonly site: Int32Array
  readonly side: Uint8Array
  /** C int; never negative. */
  readonly margin: Int32Array
  readonly req: Uint8Array
  readonly res: Uint8Array
  readonly result: Uint8Array
  /** C int: an offer may find less than nothing. */
  readonly avail: Int32Array
  /** C unsigned int, as are the four counters. */
  readonly threshold: Uint32Array
  readonly allocated: Uint32Array
  readonly used: Uint32Array
  readonly taskRq: Uint32Array
  readonly appletRq: Uint32Array
  /** Bits of `Present`. */
  readonly present: Uint8Array
}

/** A batch while it is being filled: the columns are there, the count is still open. */
export type OpenBatch = Omit<RowBatch, "rowCount"> & { rowCount: number }

/** The columns of a batch alone, which may be filled by whoever does not know the trace. */
export type OpenColumns = Omit<OpenBatch, "head">

/** An empty batch with room for `capacity` rows. */
export const openBatch = (head: TraceHead, capacity: number, firstRow: number): OpenBatch => ({
  head,
  ...openColumns(capacity, firstRow),
})

/**
 * All columns lie in one piece of memory, the wide ones first, which is three times faster than a piece for each; the factors are the bytes
 * that a row takes in the columns before. `used`: memory of a batch that nobody needs any more, to be used again if it is large enough.
 */
export const openColumns = (capacity: number, firstRow: number, used?: ArrayBuffer): OpenColumns => {
  const memory = cleared(bytesPerRow * capacity, used)
  return {
    rowCount: 0,
    firstRow,
    timeUs: new Float64Array(memory, 0, capacity),
    line: new Uint32Array(memory, 8 * capacity, capacity),
    entity: new Int32Array(memory, 12 * capacity, capacity),
    owner: new Int32Array(memory, 16 * capacity, capacity),
    site: new Int32Array(memory, 20 * capacity, capacity),
    margin: new Int32Array(memory, 24 * capacity, capacity),
    avail: new Int32Array(memory, 28 * capacity, capacity),
    threshold: new Uint32Array(memory, 32 * capacity, capacity),
    allocated: new Uint32Array(memory, 36 * capacity, capacity),
    used: new Uint32Array(memory, 40 * capacity, capacity),
    taskRq: new Uint32Array(memory, 44 * capacity, capacity),
    appletRq: new Uint32Array(memory, 48 * capacity, capacity),
    event: new Uint8Array(memory, 52 * capacity, capacity),
    side: new Uint8Array(memory, 53 * capacity, capacity),
    req: new Uint8Array(memory, 54 * capacity, capacity),
    res: new Uint8Array(memory, 55 * capacity, capacity),
    result: new Uint8Array(memory, 56 * capacity, capacity),
    present: new Uint8Array(memory, 57 * capacity, capacity),
  }
}

const bytesPerRow = 58

const cleared = (length: number, used: ArrayBuffer | undefined): ArrayBuffer => {
  if (used === undefined || used.byteLength < length) return new ArrayBuffer(length)
  new Uint8Array(used, 0, length).fill(0)
  return used
}
