import { Effect, Stream } from "effect"
import type { RowBatch } from "../domain/batch.ts"
import type { Compression } from "./compression.ts"
import { openDeflater } from "./deflate.ts"
import type { FileForm } from "./file-forms.ts"
import type { TraceWriter } from "./writer.ts"

/** A trace as the bytes of a file; the same bytes for the same trace. Nothing holds more of it than a few batches. */
export const encodeTrace = <E, R>(
  batches: Stream.Stream<RowBatch, E, R>,
  { format, compression }: FileForm,
): Stream.Stream<Uint8Array, E, R> => {
  const bytes = Stream.mapAccum(
    batches,
    (): TraceWriter | undefined => undefined,
    (opened, batch) => {
      const writer = opened ?? format.writer(batch.head)
      return [writer, writer.push(batch)]
    },
    { onHalt: (writer) => writer?.end() ?? [] },
  )
  return compression === undefined ? bytes : compressed(bytes, compression)
}

const compressed = <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  compression: Compression,
): Stream.Stream<Uint8Array, E, R> => {
  const opened = Effect.acquireRelease(
    Effect.sync(() => openDeflater(compression)),
    (deflater) => Effect.sync(() => deflater.destroy()),
  )
  return Stream.unwrap(
    Effect.map(opened, (deflater) =>
      bytes.pipe(
        // Zlib works in a thread of its own: the next rows are read meanwhile.
        Stream.buffer({ capacity: 2 }),
        Stream.mapEffect((piece) => Effect.promise(() => deflater.push(piece))),
        Stream.concat(Stream.fromEffect(Effect.promise(() => deflater.end()))),
        Stream.flattenIterable,
      ),
    ),
  )
}
