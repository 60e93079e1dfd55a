import { openBatch, type OpenBatch, type RowBatch, type TraceHead } from "../../domain/batch.ts"
import { writeFooter, type RowGroup } from "./footer.ts"
import { GroupWriter } from "./group-writer.ts"
import { groupRows, magic } from "./schema.ts"

/** The columns of a batch, all of which are copied as they are. */
const columnKeys = [
  "timeUs",
  "event",
  "entity",
  "owner",
  "site",
  "side",
  "margin",
  "req",
  "res",
  "result",
  "avail",
  "threshold",
  "allocated",
  "used",
  "taskRq",
  "appletRq",
  "present",
] as const satisfies ReadonlyArray<keyof RowBatch>

/** Writes a trace as Parquet: batches in, bytes out; of the trace it holds one row group, and a few numbers of each that is written. */
export class ParquetWriter {
  readonly #head: TraceHead
  readonly #writer: GroupWriter
  readonly #groups: Array<RowGroup> = []
  #open: OpenBatch
  #out: Array<Uint8Array> = [magic]
  /** How many bytes have been given, or are to be. */
  #length = magic.length

  constructor(head: TraceHead) {
    this.#head = head
    this.#writer = new GroupWriter(head)
    this.#open = openBatch(head, groupRows, 0)
  }

  /** Adds rows; gives what is ready to be written. */
  push(batch: RowBatch): ReadonlyArray<Uint8Array> {
    for (let from = 0; from < batch.rowCount;) {
      const open = this.#open
      const to = Math.min(batch.rowCount, from + groupRows - open.rowCount)
      for (const key of columnKeys) open[key].set(batch[key].subarray(from, to) as never, open.rowCount)
      open.rowCount += to - from
      from = to
      if (open.rowCount === groupRows) this.#flush()
    }
    return this.#take()
  }

  /** Ends the trace. */
  end(): ReadonlyArray<Uint8Array> {
    if (this.#open.rowCount > 0) this.#flush()
    const { entries } = this.#head.preamble
    const rowCount = this.#groups.reduce((sum, group) => sum + group.rowCount, 0)
    this.#out.push(writeFooter({ entries, rowCount, groups: this.#groups }))
    return this.#take()
  }

  #flush(): void {
    const { bytes, group } = this.#writer.write(this.#open, this.#length)
    this.#groups.push(group)
    this.#out.push(bytes)
    this.#length += bytes.length
    // Its memory is used again: a batch that is flushed is nobody's.
    this.#open = { ...this.#open, rowCount: 0, firstRow: this.#open.firstRow + group.rowCount }
  }

  #take(): ReadonlyArray<Uint8Array> {
    const out = this.#out
    this.#out = []
    return out
  }
}
