import { Cause, Effect, Stream, type Pull } from "effect"
import type { RowBatch } from "../domain/batch.ts"
import { BadTrace } from "../domain/errors.ts"
import type { DecoderOptions, TraceDecoder } from "./decoder.ts"
import { formatOf } from "./formats.ts"
import { isDamage } from "./inflate.ts"
import { openSource, type Source, type SourceOptions } from "./source.ts"

export interface ReadOptions extends SourceOptions, Partial<DecoderOptions> {
  /** Told of a torn last line that `allowTorn` let drop. */
  readonly onTorn?: ((line: number) => void) | undefined
}

type Batches = readonly [RowBatch, ...Array<RowBatch>]

/**
 * A trace as batches of rows; nothing holds more of it than a batch. `path` is a file, or `-` for standard input.
 *
 * The first batch comes even if there are no rows, so that the head is known. An error may come behind batches that were
 * sound: what is made of them is of no use then. Other fibers run between any two batches.
 */
export const readTrace = (path: string, options: ReadOptions = {}): Stream.Stream<RowBatch, BadTrace> =>
  Stream.unwrap(
    Effect.map(openSource(path, options), (source) =>
      Stream.fromPull(Effect.sync(() => batchesOf(path, source, options))),
    ),
  )

const batchesOf = (path: string, source: Source, options: ReadOptions): Pull.Pull<Batches, BadTrace> => {
  const { progress, onTorn, allowTorn = false } = options
  let decoder: TraceDecoder | undefined
  let ended = false

  const decode = (run: () => ReadonlyArray<RowBatch>): Pull.Pull<Batches, BadTrace> =>
    Effect.suspend(() => {
      try {
        const batches = run()
        if (batches.length === 0) return ended ? Cause.done() : pull
        if (progress !== undefined) for (const { rowCount } of batches) progress.rows += rowCount
        return Effect.succeed(batches as Batches)
      } catch (error) {
        if (!(error instanceof BadTrace)) throw error
        return source.checked ? blameGzip(source, error) : Effect.fail(error)
      }
    })

  const end = decode(() => {
    ended = true
    decoder ??= formatOf(new Uint8Array(0)).decoder(path, { allowTorn })
    const batches = decoder.end()
    if (decoder.tornLine !== undefined) onTorn?.(decoder.tornLine)
    return batches
  })

  const pull: Pull.Pull<Batches, BadTrace> = source.next.pipe(
    Effect.mapError((error) => (Cause.isDone(error) ? error : atLine(error, decoder))),
    Effect.matchEffect({
      onSuccess: (bytes) =>
        decode(() => {
          decoder ??= formatOf(bytes).decoder(path, { allowTorn })
          return decoder.push(bytes)
        }),
      onFailure: (error) => (Cause.isDone(error) && !ended ? end : Effect.fail(error)),
    }),
  )
  return Effect.andThen(Effect.yieldNow, pull)
}

/** The same error, with the line that the reading had come to. */
const atLine = (error: BadTrace, decoder: TraceDecoder | undefined): BadTrace =>
  decoder === undefined ? error : new BadTrace({ ...facts(error), line: decoder.line })

const facts = ({ trace, line, column, cell, expected, found, advice }: BadTrace) => ({
  trace,
  line,
  column,
  cell,
  expected,
  found,
  advice,
})

/** How many chunks are looked at to see whether gzip data is damaged: enough for a checksum 64 MiB away. */
const blameChunks = 1024

/** A cell is wrong in gzip data: if the data is damaged, that is why, and the cell tells nobody anything. */
const blameGzip = (source: Source, error: BadTrace): Effect.Effect<never, BadTrace> => {
  const rest = (chunks: number): Effect.Effect<never, BadTrace> =>
    chunks === 0
      ? Effect.fail(error)
      : Effect.matchEffect(source.next, {
          onSuccess: () => rest(chunks - 1),
          onFailure: (cause) => {
            if (Cause.isDone(cause) || !isDamage(cause)) return Effect.fail(error)
            return Effect.fail(new BadTrace({ ...facts(cause), line: error.line, column: error.column }))
          },
        })
  return rest(blameChunks)
}
