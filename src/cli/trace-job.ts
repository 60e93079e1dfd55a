/** What a command does with one trace, in whichever thread: it reads the trace and analyses it. Plain data in and out. */
import { Effect, type Stream } from "effect"
import { createHash } from "node:crypto"
import type { RowBatch } from "../domain/batch.ts"
import type { DocumentKind } from "../domain/documents.ts"
import type { BadTrace, BadUsage } from "../domain/errors.ts"
import type { ReadProgress } from "../domain/progress.ts"
import { readTrace } from "../traces/read.ts"
import { complain } from "./present.ts"
import { commandAgain, type Reading } from "./reading.ts"

/** A trace that is to be read. */
export interface TraceTask {
  /** As the user gave it, or as it was found in a folder. Untrusted. */
  readonly path: string
  readonly reading: Reading
  /** Whether a report shows the timeline of the run. */
  readonly needTimeline: boolean
  /** Whether another thread may read ahead: where the other processors have nothing else to do. */
  readonly readAhead: boolean
}

export interface TraceDone<Found> {
  readonly found: Found
  /** The torn last line that `--allow-torn` let drop. */
  readonly tornLine: number | null
}

/** What an analysis may want to know of the trace that it is given. */
export interface TraceInHand {
  /** The command that shows this run again; `words` are the command's own flags. */
  readonly again: (words: ReadonlyArray<string>) => string
  /** The command that explains something of this trace. */
  readonly explaining: (words: ReadonlyArray<string>) => string
  /** The command that shows this trace by another command; `words` are that command's flags. */
  readonly showing: (command: DocumentKind, words: ReadonlyArray<string>) => string
  readonly needTimeline: boolean
  /** SHA-256 of the trace's bytes, hexadecimal, where the job is `hashed`; known when the batches have ended. At most once. */
  readonly sha256: () => string
  /** What the trace was read as, such as `csv.gz`; known when the batches have begun. */
  readonly format: () => string
  /** The torn last line that `--allow-torn` let drop; known when the batches have ended. */
  readonly tornLine: () => number | null
}

interface JobOptions {
  /** Whether the trace's bytes are hashed while they are read. */
  readonly hashed?: boolean
  /** Whether the analysis is done with a batch when it asks for the next one. */
  readonly keepsNoBatch?: boolean
}

/** The job of a command: `asked` is what it asks of every trace, in words that can be sent to a thread. */
export const traceJob =
  <Asked, Found, E extends BadTrace | BadUsage>(
    kind: DocumentKind,
    analyse: (
      batches: Stream.Stream<RowBatch, BadTrace>,
      asked: Asked,
      trace: TraceInHand,
    ) => Effect.Effect<Found, E>,
    { hashed = false, keepsNoBatch = false }: JobOptions = {},
  ) =>
  (
    { task, asked }: { readonly task: TraceTask; readonly asked: Asked },
    progress: ReadProgress,
  ): Effect.Effect<TraceDone<Found>, E> =>
    Effect.suspend(() => {
      const { path, reading, needTimeline, readAhead } = task
      let tornLine: number | null = null
      let format = ""
      const hash = createHash("sha256")
      const batches = readTrace(path, {
        ...reading,
        progress,
        readAhead,
        // A timeline is told from batches that are kept.
        reuse: keepsNoBatch && !needTimeline,
        onBytes: hashed ? (bytes) => hash.update(bytes) : undefined,
        onFormat: (name) => {
          format = name
        },
        onTorn: (line) => {
          tornLine = line
        },
      })
      const found = analyse(batches, asked, {
        again: (words) => commandAgain(kind, words, reading, path),
        explaining: (words) => commandAgain("explain", words, reading, path),
        showing: (command, words) => commandAgain(command, words, reading, path),
        needTimeline,
        sha256: () => hash.digest("hex"),
        format: () => format,
        tornLine: () => tornLine,
      })
      return Effect.map(found, (one) => ({ found: one, tornLine }))
    })

/** Says that a torn line was dropped, if one was. */
export const complainOfTorn = (path: string, tornLine: number | null): Effect.Effect<void> =>
  tornLine === null
    ? Effect.void
    : complain({ message: `${path}:${tornLine}: the torn last line was dropped, as --allow-torn asks` })
