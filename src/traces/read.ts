import { Cause, Effect, Stream, type Pull } from "effect"
import type { RowBatch } from "../domain/batch.ts"
import { BadTrace } from "../domain/errors.ts"
import type { DecoderOptions, TraceDecoder } from "./decoder.ts"
import { formatOf, type SequentialFormat } from "./formats.ts"
import { isDamage } from "./inflate.ts"
import { piecesOf } from "./pieces.ts"
import { openSource, type Source, type SourceOptions } from "./source.ts"

export interface ReadOptions extends SourceOptions, Partial<DecoderOptions> {
  /** Told what the trace is, before the first batch: a format's name, and what the name of a compressed file ends in, such as `csv.gz`. */
  readonly onFormat?: ((name: string) => void) | undefined
  /** Whether another thread may read ahead of the rows that are asked for, where that pays. */
  readonly readAhead?: boolean | undefined
  /** Whether a batch's memory may be used again as soon as the next batch is asked for: for a reader that keeps none. */
  readonly reuse?: boolean | undefined
  /** Told of a torn last line that `allowTorn` let drop. */
  readonly onTorn?: ((line: number) => void) | undefined
}

export type Batches = readonly [RowBatch, ...Array<RowBatch>]

/**
 * A trace as batches of rows; nothing holds more of it than a few batches. `path` is a file, or `-` for standard input.
 *
 * The first batch comes even if there are no rows, so that the head is known. An error may come behind batches that were
 * sound: what is made of them is of no use then. Other fibers run between any two batches.
 */
export const readTrace = (path: string, options: ReadOptions = {}): Stream.Stream<RowBatch, BadTrace> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const source = yield* openSource(path, options)
      const start = yield* source.next.pipe(
        Effect.catchIf(Cause.isDone, () => Effect.succeed(new Uint8Array(0))),
      )
      const format = formatOf(start)
      options.onFormat?.(format.name + (source.compression?.suffix ?? ""))
      const started = { source, start }
      const pull =
        "pieces" in format
          ? yield* piecesOf(format, path, started, options)
          : batchesOf(format, path, started, options)
      return Stream.fromPull(Effect.succeed(Effect.andThen(Effect.yieldNow, pull)))
    }),
  )

/** A source, and what has been read of it to see what it is. */
export interface Started {
  readonly source: Source
  /** Empty where the source is. */
  readonly start: Uint8Array
}

const batchesOf = (
  format: SequentialFormat,
  path: string,
  { source, start }: Started,
  options: ReadOptions,
): Pull.Pull<Batches, BadTrace> => {
  const { progress, onTorn, allowTorn = false } = options
  const decoder = format.decoder(path, { allowTorn })
  let started = false
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
        return source.checked ? blameDamage(source, error) : Effect.fail(error)
      }
    })

  const end = decode(() => {
    ended = true
    const batches = decoder.end()
    if (decoder.tornLine !== undefined) onTorn?.(decoder.tornLine)
    return batches
  })

  const next = Effect.suspend(() => {
    if (started) return source.next
    started = true
    return start.length === 0 ? Cause.done() : Effect.succeed(start)
  })

  const pull: Pull.Pull<Batches, BadTrace> = next.pipe(
    Effect.mapError((error) => (Cause.isDone(error) ? error : atLine(error, decoder))),
    Effect.matchEffect({
      onSuccess: (bytes) => decode(() => decoder.push(bytes)),
      onFailure: (error) => (Cause.isDone(error) && !ended ? end : Effect.fail(error)),
    }),
  )
  return pull
}

/** The same error, with the line that the reading had come to. */
const atLine = (error: BadTrace, { line }: TraceDecoder): BadTrace => new BadTrace({ ...facts(error), line })

const facts = ({ trace, line, column, cell, expected, found, advice }: BadTrace) => ({
  trace,
  line,
  column,
  cell,
  expected,
  found,
  advice,
})

/** How many chunks are looked at to see whether compressed data is damaged: enough for a checksum 64 MiB away. */
const blameChunks = 1024

/** A cell is wrong in compressed data: if the data is damaged, that is why, and the cell tells nobody anything. */
const blameDamage = (source: Source, error: BadTrace): Effect.Effect<never, BadTrace> => {
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
