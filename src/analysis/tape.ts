import { Effect, Stream } from "effect"
import type { RowBatch, TraceHead } from "../domain/batch.ts"

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
