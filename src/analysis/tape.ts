import { Effect, Stream } from "effect"
import type { RowBatch, TraceHead } from "../domain/batch.ts"
import { EntityTable } from "../domain/entity.ts"

/**
 * A whole trace in memory, about 80 bytes a row: for what replays it many times over. What needs it once takes the
 * stream of batches instead.
 */
export interface Tape {
  readonly head: TraceHead
  readonly batches: ReadonlyArray<RowBatch>
  readonly rowCount: number
}

/** Reads all batches of a trace. */
export const tape = <E, R>(batches: Stream.Stream<RowBatch, E, R>): Effect.Effect<Tape, E, R> =>
  Effect.map(Stream.runCollect(batches), (all) => ({
    // The first batch always comes, if only with the head.
    head: all[0]!.head,
    batches: all,
    rowCount: all.reduce((count, batch) => count + batch.rowCount, 0),
  }))

/** A tape as plain data, which can be sent to another thread. */
export interface PackedTape {
  readonly head: Omit<TraceHead, "entities">
  /** Per slot: the kind's code, and the number behind the letter. */
  readonly kind: Uint8Array
  readonly number: Uint32Array
  readonly batches: ReadonlyArray<Omit<RowBatch, "head">>
  readonly rowCount: number
}

export const packed = ({ head: { entities, ...head }, batches, rowCount }: Tape): PackedTape => ({
  head,
  kind: entities.kind.slice(0, entities.count),
  number: entities.number.slice(0, entities.count),
  batches: batches.map(columnsOf),
  rowCount,
})

const columnsOf = (batch: RowBatch): Omit<RowBatch, "head"> => {
  const { head: _, ...columns } = batch
  return columns
}

export const unpacked = ({ head, kind, number, batches, rowCount }: PackedTape): Tape => {
  const entities = new EntityTable()
  for (let slot = 0; slot < kind.length; slot++) entities.slot(kind[slot]!, number[slot]!)
  const whole = { head: { ...head, entities } }
  return { ...whole, batches: batches.map((columns) => Object.assign({}, whole, columns)), rowCount }
}
