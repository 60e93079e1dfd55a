import { Effect, Stream } from "effect"
import type { RowBatch } from "../../domain/batch.ts"
import type { Timeline } from "../../domain/documents/timeline.ts"
import type { Tape } from "../tape.ts"
import { defaultBounds } from "./bounds.ts"
import { withChains } from "./chains.ts"
import { TimelineRecorder, type Choices, type TimelineOptions } from "./recorder.ts"

/** So many rows at most are kept in memory for the chains: about 80 MB. A longer trace has a timeline without chains. */
const keptRowCount = 1_000_000

export interface RecordingOptions extends TimelineOptions {
  readonly keptRowCount?: number
}

/** What an analysis has found, and what happened when. */
export interface Recorded<A> {
  readonly found: A
  readonly timeline: Timeline
}

/**
 * Runs an analysis over a trace and records its timeline on the way: one reading serves both.
 *
 * @param analyse reads the batches to their end, once
 */
export const recorded = <A, E, R, E2, R2>(
  batches: Stream.Stream<RowBatch, E, R>,
  options: RecordingOptions,
  analyse: (batches: Stream.Stream<RowBatch, E, R>) => Effect.Effect<A, E2, R2>,
): Effect.Effect<Recorded<A>, E2, R2> =>
  Effect.suspend(() => {
    const recorder = new TimelineRecorder(options)
    const kept = new BoundedTape(options.keptRowCount ?? keptRowCount)
    const hear = (chunk: readonly [RowBatch, ...Array<RowBatch>]) => {
      for (const batch of chunk) {
        recorder.push(batch)
        kept.push(batch)
      }
      return chunk
    }
    return Effect.map(analyse(Stream.mapArray(batches, hear)), (found) => ({
      found,
      timeline: told(recorder.finish(), kept.tape, options),
    }))
  })

/**
 * The same where the semantics to replay under is only known when the analysis is done, which keeps the trace anyway, as
 * `diagnose` does.
 */
export const recordedAfter = <A, E, R, E2, R2>(
  batches: Stream.Stream<RowBatch, E, R>,
  options: Omit<RecordingOptions, "choices"> & { readonly choices: (found: A) => Choices },
  analyse: (batches: Stream.Stream<RowBatch, E, R>) => Effect.Effect<A, E2, R2>,
): Effect.Effect<Recorded<A>, E2, R2> =>
  Effect.suspend(() => {
    const kept: Array<RowBatch> = []
    const hear = (chunk: readonly [RowBatch, ...Array<RowBatch>]) => {
      kept.push(...chunk)
      return chunk
    }
    return Effect.map(analyse(Stream.mapArray(batches, hear)), (found) => {
      const choices = options.choices(found)
      const recorder = new TimelineRecorder({ ...options, choices: () => choices })
      const bounded = new BoundedTape(options.keptRowCount ?? keptRowCount)
      for (const batch of kept) {
        recorder.push(batch)
        bounded.push(batch)
      }
      return {
        found,
        timeline: told(recorder.finish(), bounded.tape, { ...options, choices: () => choices }),
      }
    })
  })

const told = (
  timeline: Timeline,
  tape: Tape | undefined,
  { choices, bounds }: Pick<TimelineOptions, "choices" | "bounds">,
): Timeline =>
  tape === undefined
    ? timeline
    : withChains(timeline, tape, choices(tape.head), bounds?.chains ?? defaultBounds.chains)

/** The batches of a trace, as long as they are few enough. */
class BoundedTape {
  readonly #mostRows: number
  #batches: Array<RowBatch> = []
  #rowCount = 0

  constructor(mostRows: number) {
    this.#mostRows = mostRows
  }

  push(batch: RowBatch): void {
    this.#rowCount += batch.rowCount
    if (this.#rowCount <= this.#mostRows) this.#batches.push(batch)
    else this.#batches = []
  }

  /** Undefined where the trace is longer. */
  get tape(): Tape | undefined {
    const [first] = this.#batches
    return first === undefined
      ? undefined
      : { head: first.head, batches: this.#batches, rowCount: this.#rowCount }
  }
}
