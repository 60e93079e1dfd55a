import { Cause, Effect, type Pull, type Scope } from "effect"
import type { RowBatch } from "../domain/batch.ts"
import { BadTrace } from "../domain/errors.ts"
import type { ByteRange } from "./decoder.ts"
import type { PieceFormat } from "./formats.ts"
import { bytesText, defaultMaxInflatedBytes } from "./inflate.ts"
import type { Batches, ReadOptions, Started } from "./read.ts"
import type { PieceFile } from "./source.ts"

/** The batches of a format that is read in pieces. A pipe, and what is compressed, has no pieces: it is read into memory as it is. */
export const piecesOf = (
  format: PieceFormat,
  path: string,
  started: Started,
  { progress, readAhead = false, reuse = false, maxInflatedBytes = defaultMaxInflatedBytes }: ReadOptions,
): Effect.Effect<Pull.Pull<Batches, BadTrace>, BadTrace, Scope.Scope> =>
  Effect.gen(function* () {
    const file = started.source.file ?? (yield* inMemory(path, started, maxInflatedBytes))
    // The pieces are counted; what was read to see what it is lies in one of them.
    if (progress !== undefined && started.source.file !== undefined) progress.bytes = 0
    const decoder = format.pieces(path, file.byteCount, { reuse })
    const piece = Effect.suspend(() =>
      Effect.flatMap(file.read(decoder.wants!), (bytes) => refusing(() => decoder.take(bytes))),
    )
    // Nothing comes before the head, which is in a batch of its own.
    let head: ReadonlyArray<RowBatch> | undefined = []
    while (head.length === 0) head = yield* piece
    const thread =
      readAhead && file.descriptor !== undefined ? decoder.readAhead?.(file.descriptor) : undefined
    if (thread !== undefined) yield* Effect.addFinalizer(() => Effect.promise(() => thread.close()))
    const read = thread === undefined ? piece : refusing(() => thread.next())
    return Effect.suspend((): Pull.Pull<Batches, BadTrace> => {
      if (head === undefined && decoder.wants === undefined) return Cause.done()
      const batches = head === undefined ? read : Effect.succeed(head)
      head = undefined
      return Effect.map(batches, (some) => {
        if (progress !== undefined) for (const { rowCount } of some) progress.rows += rowCount
        return some as Batches
      })
    })
  })

/** Runs what throws, or rejects with, `BadTrace`; anything else is a defect. */
const refusing = <A>(run: () => A | Promise<A>): Effect.Effect<A, BadTrace> =>
  Effect.tryPromise({ try: async () => run(), catch: (error) => error }).pipe(
    Effect.catch((error) => (error instanceof BadTrace ? Effect.fail(error) : Effect.die(error))),
  )

const inMemory = (
  path: string,
  { source, start }: Started,
  maxBytes: number,
): Effect.Effect<PieceFile, BadTrace> =>
  Effect.gen(function* () {
    const parts: Array<Uint8Array> = []
    let byteCount = 0
    for (let part: Uint8Array | undefined = start; part !== undefined;) {
      byteCount += part.length
      if (byteCount > maxBytes) return yield* tooLong(path, maxBytes)
      // A copy, for whoever reads may use its buffer again.
      parts.push(Uint8Array.from(part))
      part = yield* source.next.pipe(Effect.catchIf(Cause.isDone, () => Effect.succeed(undefined)))
    }
    const bytes = Buffer.concat(parts)
    return {
      byteCount,
      read: ({ offset, length }: ByteRange) => Effect.succeed(bytes.subarray(offset, offset + length)),
    }
  })

const tooLong = (trace: string, maxBytes: number): BadTrace =>
  new BadTrace({
    trace,
    line: 0,
    column: 0,
    cell: undefined,
    expected: `at most ${bytesText(maxBytes)} of a columnar trace that comes through a pipe or is compressed`,
    found: "more",
    advice: "Name a plain file: pieces of it are read as they are needed",
  })
