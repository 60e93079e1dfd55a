import type { RowBatch, TraceHead } from "../../domain/batch.ts"
import type {
  Lane as LaneDocument,
  LaneWait as WaitDocument,
  Timeline,
} from "../../domain/documents/timeline.ts"
import { NONE } from "../../domain/entity.ts"
import type { Choice } from "../../semantics/semantics.ts"
import { defaultBounds, type Bounds } from "./bounds.ts"
import { explainWords } from "./command.ts"
import { KeptWaits, type Kept } from "./kept-waits.ts"
import { Lane, type LaneMarks, type LaneWait } from "./lane.ts"

/** The semantics of a timeline's lanes, one or two. */
export type Choices = readonly [Choice] | readonly [Choice, Choice]

export interface TimelineOptions {
  /** The semantics to replay under; a diff's are known when the trace's head is. */
  readonly choices: (head: TraceHead) => Choices
  /** Makes the command that explains something of this trace out of the words of `explain`. */
  readonly explaining: (words: ReadonlyArray<string>) => string
  readonly bounds?: Partial<Bounds>
}

/**
 * Records what happens when under one semantics or two, while the trace streams by. Pure and synchronous; of the trace it keeps
 * no more than its bounds say. The same rows give the same timeline, however they are cut into batches.
 */
export class TimelineRecorder {
  readonly #options: TimelineOptions
  readonly #bounds: Bounds
  #head: TraceHead | undefined
  #choices: Choices | undefined
  #lanes: ReadonlyArray<Lane> = []
  #kept: KeptWaits | undefined
  #firstTimeUs = Number.POSITIVE_INFINITY
  #lastTimeUs = Number.NEGATIVE_INFINITY

  constructor(options: TimelineOptions) {
    this.#options = options
    this.#bounds = { ...defaultBounds, ...options.bounds }
  }

  push(batch: RowBatch): void {
    if (this.#head === undefined) this.#start(batch.head)
    for (let i = 0; i < batch.rowCount; i++) {
      // Clocks may step back.
      const timeUs = batch.timeUs[i]!
      if (timeUs < this.#firstTimeUs) this.#firstTimeUs = timeUs
      if (timeUs > this.#lastTimeUs) this.#lastTimeUs = timeUs
    }
    for (const lane of this.#lanes) lane.run(batch)
    this.#kept!.pairs.settle(() => this.#lanes.map((lane) => lane.waitsUnderWay))
  }

  /** The timeline, without chains, when the trace has ended. At least one batch has been pushed: the head's. */
  finish(): Timeline {
    const { preamble, entities } = this.#head!
    const marks = this.#lanes.map((lane) => lane.end())
    const waits = this.#waits(this.#kept!.finish())
    const named = new Places(marks)
    const isEmpty = this.#firstTimeUs > this.#lastTimeUs
    return {
      firstTimeUs: isEmpty ? 0 : this.#firstTimeUs,
      lastTimeUs: isEmpty ? 0 : this.#lastTimeUs,
      limit: preamble.limit,
      reserve: preamble.reserve,
      entities: named.slots.map((slot) => entities.id(slot)),
      lanes: marks.map((lane, at) => this.#lane(at, lane, waits[at]!, named)),
    }
  }

  #lane(at: number, marks: LaneMarks, waits: ReadonlyArray<WaitDocument>, named: Places): LaneDocument {
    const { offers, wakes, leftOut } = marks
    const leftOutWaits = this.#lanes[at]!.waitCount - waits.length
    return {
      ...marks,
      waits,
      offers: { ...offers, by: named.of(offers.by) },
      wakes: { ...wakes, entity: named.of(wakes.entity), by: named.of(wakes.by) },
      leftOut: { ...leftOut, waits: leftOutWaits, chains: waits.length },
    }
  }

  #start(head: TraceHead): void {
    this.#head = head
    const choices = this.#options.choices(head)
    const kept = new KeptWaits(choices.length, this.#bounds.waits)
    this.#choices = choices
    this.#kept = kept
    this.#lanes = choices.map(
      (choice, at) => new Lane(head, choice, (wait) => kept.ended(wait, at), this.#bounds),
    )
  }

  /** The kept waits of each lane, by the row at which they begin; those that begin at one row in the order in which they do. */
  #waits(kept: ReadonlyArray<Kept<LaneWait>>): ReadonlyArray<ReadonlyArray<WaitDocument>> {
    const sides = (["from", "to"] as const).slice(0, this.#lanes.length)
    const sorted = sides.map((side) =>
      kept.filter((pair) => pair[side] !== undefined).toSorted((a, b) => a[side]!.number - b[side]!.number),
    )
    const places = sorted.map((pairs) => new Map(pairs.map((pair, at) => [pair, at])))
    return sorted.map((pairs, lane) =>
      pairs.map((pair) => this.#wait(pair, lane, places[1 - lane]?.get(pair) ?? null)),
    )
  }

  #wait(pair: Kept<LaneWait>, lane: number, other: number | null): WaitDocument {
    const wait = (lane === 0 ? pair.from : pair.to)!
    const [under, beside] = [this.#choices![lane]!, this.#choices![1 - lane]]
    return {
      number: wait.number,
      requester: wait.requester,
      requesterKind: wait.kind,
      appletName: wait.appletName,
      buffer: wait.buffer,
      waiter: wait.waiter,
      beginRow: wait.beginRow,
      beginTimeUs: wait.beginTimeUs,
      endRow: wait.endRow,
      endTimeUs: wait.endTimeUs,
      ending: wait.ending,
      wakes: wait.wakeCount,
      futileWakes: wait.futileWakeCount,
      change: this.#lanes.length === 1 ? null : pair.change,
      other,
      chain: null,
      command: this.#options.explaining(explainWords(wait.number, under, beside)),
    }
  }
}

/** The entities that marks name, in the order of the trace, and their places in that list. */
class Places {
  readonly slots: ReadonlyArray<number>
  readonly #placeOf: ReadonlyMap<number, number>

  constructor(lanes: ReadonlyArray<LaneMarks>) {
    const named = new Set(lanes.flatMap(({ offers, wakes }) => [offers.by, wakes.entity, wakes.by]).flat())
    named.delete(NONE)
    this.slots = [...named].toSorted((a, b) => a - b)
    this.#placeOf = new Map(this.slots.map((slot, at) => [slot, at]))
  }

  of(slots: ReadonlyArray<number>): ReadonlyArray<number> {
    return slots.map((slot) => this.#placeOf.get(slot) ?? NONE)
  }
}
