import { Effect, Stream } from "effect"
import type { RowBatch, TraceHead } from "../domain/batch.ts"
import { preambleValue } from "../domain/preamble.ts"
import { entityKinds, type EntityKindName } from "../domain/vocabulary.ts"
import {
  changeNames,
  endingNames,
  type Change,
  type Ending,
  type Wait,
  type WakeCounts,
} from "../domain/wait.ts"
import { Projection, type Departures } from "../replay/projection.ts"
import type { Moment } from "../replay/waits.ts"
import { maskOf, type PartName } from "../semantics/registry.ts"
import { branchOf, choiceOf, semanticsOf, type Choice } from "../semantics/semantics.ts"
import { changeOf, compareFindings, type WaitChange } from "./change.ts"
import { WaitPairs } from "./pairs.ts"

/** What replaying one trace under one semantics gave. */
export interface Replay {
  readonly choice: Choice
  readonly departures: Departures
  /** The share of input rows replayed at their recorded place with their recorded result; 1 without rows. */
  readonly fidelity: number
  readonly wakes: WakeCounts
  readonly firstHerdWake: Moment | null
}

export type EndingCounts = { readonly [E in Ending]: number }
export type ChangeCounts = { readonly [C in Change]: number }

export interface WaitCounts {
  readonly from: EndingCounts
  readonly to: EndingCounts
  readonly changes: ChangeCounts
}

/** How one trace differs between two semantics. */
export interface Difference {
  /** The trace's name; untrusted. */
  readonly trace: string
  readonly rowCount: number
  readonly from: Replay
  readonly to: Replay
  readonly waits: WaitCounts
  readonly byKind: { readonly [K in EntityKindName]: WaitCounts }
  /** The waits that changed, worst first; at most as many as were asked for. */
  readonly changed: ReadonlyArray<WaitChange>
  /** How many more there are. */
  readonly leftOutCount: number
}

export interface DiffOptions {
  /** The first semantics; without it, what the trace's branch of HAProxy did before the fix. */
  readonly from?: Choice | undefined
  /** The second semantics; without it, what the trace's branch does after the fix. */
  readonly to?: Choice | undefined
  /** Parts to turn back where `to` is not given. */
  readonly without?: ReadonlyArray<PartName> | undefined
  /** How many changed waits to keep. */
  readonly keep?: number | undefined
  /** Keep only the waits of these requesters, unchanged ones too. */
  readonly only?: ReadonlySet<string> | undefined
}

const defaultKeep = 100

/** The two semantics of a diff: those that were asked for, else the fix itself in the trace's branch. */
export const choicesOf = (
  head: TraceHead,
  { from, to, without = [] }: Pick<DiffOptions, "from" | "to" | "without">,
): readonly [Choice, Choice] => {
  const branch = (from ?? to)?.semantics.branch ?? branchOf(preambleValue(head.preamble, "haproxy"))
  const after = semanticsOf(branch, "post-fix").after & ~maskOf(without)
  return [from ?? choiceOf(branch, semanticsOf(branch, "pre-fix").after), to ?? choiceOf(branch, after)]
}

/**
 * Replays one trace under two semantics and matches their waits: `outcomes.md`, "A diff". Pure and synchronous; of the
 * trace it keeps the waits that one of the two replays has ended and the other has not, and the worst changes.
 */
export class Diff {
  readonly #options: DiffOptions
  readonly #keep: number
  readonly #only: ReadonlySet<string> | undefined
  #trace = ""
  #rowCount = 0
  #choices: readonly [Choice, Choice] | undefined
  #replays: readonly [Projection, Projection] | undefined
  readonly #pairs = new WaitPairs<Wait>((from, to) => this.#change(from, to))
  readonly #counts = new Map<EntityKindName, MutableWaitCounts>()
  #changed: Array<WaitChange> = []
  #changedCount = 0

  constructor(options: DiffOptions = {}) {
    this.#options = options
    this.#keep = options.keep ?? defaultKeep
    this.#only = options.only
  }

  push(batch: RowBatch): void {
    this.#choices ??= choicesOf(batch.head, this.#options)
    const [from, to] = this.#choices
    this.#replays ??= [
      new Projection(batch.head, from.after, (wait) => this.#pairs.ended(wait, 0)),
      new Projection(batch.head, to.after, (wait) => this.#pairs.ended(wait, 1)),
    ]
    this.#trace = batch.head.name
    this.#rowCount += batch.rowCount
    for (const replay of this.#replays) replay.run(batch)
    this.#pairs.settle(() => this.#replays!.map(({ waits }) => waits.underWay))
  }

  /** The difference, when the trace has ended. At least one batch has been pushed: the head's. */
  finish(): Difference {
    const [from, to] = this.#replays!
    from.end()
    to.end()
    this.#pairs.finish()
    this.#changed.sort(compareFindings)
    const kept = this.#changed.slice(0, this.#keep)
    const byKind = Object.fromEntries(
      entityKinds.map(({ name }) => [name, this.#counts.get(name) ?? noCounts()]),
    ) as unknown as Difference["byKind"]
    return {
      trace: this.#trace,
      rowCount: this.#rowCount,
      from: replayed(this.#choices![0], from),
      to: replayed(this.#choices![1], to),
      waits: total(Object.values(byKind)),
      byKind,
      changed: kept,
      leftOutCount: this.#changedCount - kept.length,
    }
  }

  #change(from: Wait | undefined, to: Wait | undefined): void {
    const change = changeOf(from, to)
    const wait = (from ?? to)!
    let counts = this.#counts.get(wait.kind)
    if (counts === undefined) this.#counts.set(wait.kind, (counts = noCounts()))
    if (from !== undefined) counts.from[from.ending]++
    if (to !== undefined) counts.to[to.ending]++
    counts.changes[change]++
    const wanted = this.#only === undefined ? change !== "same" : this.#only.has(wait.requester)
    if (!wanted) return
    this.#changedCount++
    this.#changed.push({ change, from, to })
    // The worst are what is shown; the rest is counted. Sorting now and then keeps the list short.
    if (this.#changed.length > 4 * this.#keep + 100) {
      this.#changed.sort(compareFindings)
      this.#changed.length = this.#keep
    }
  }
}

interface MutableWaitCounts {
  from: Record<Ending, number>
  to: Record<Ending, number>
  changes: Record<Change, number>
}

const zeros = <K extends string>(names: ReadonlyArray<K>): Record<K, number> =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<K, number>

const noCounts = (): MutableWaitCounts => ({
  from: zeros(endingNames),
  to: zeros(endingNames),
  changes: zeros(changeNames),
})

const total = (all: ReadonlyArray<WaitCounts>): WaitCounts => {
  const sum = noCounts()
  for (const counts of all) {
    for (const name of endingNames) {
      sum.from[name] += counts.from[name]
      sum.to[name] += counts.to[name]
    }
    for (const name of changeNames) sum.changes[name] += counts.changes[name]
  }
  return sum
}

/** The share of input rows that a replay could leave as they are; 1 without rows. */
export const fidelityOf = ({ inputRowCount, inPlaceRowCount }: Departures): number =>
  inputRowCount === 0 ? 1 : inPlaceRowCount / inputRowCount

const replayed = (choice: Choice, replay: Projection): Replay => {
  const { departures } = replay
  return {
    choice,
    departures,
    fidelity: fidelityOf(departures),
    wakes: replay.waits.wakeCounts,
    firstHerdWake: replay.waits.firstWakes.herd ?? null,
  }
}

/**
 * Replays a trace under two semantics and says what differs; without `from` and `to`, what the fix changes.
 *
 * @param batches the rows of one trace, as `readTrace` gives them
 */
export const diff = <E, R>(
  batches: Stream.Stream<RowBatch, E, R>,
  options?: DiffOptions,
): Effect.Effect<Difference, E, R> =>
  Effect.suspend(() => {
    const difference = new Diff(options)
    return batches.pipe(
      Stream.runForEachArray((chunk) => Effect.sync(() => chunk.forEach((batch) => difference.push(batch)))),
      Effect.map(() => difference.finish()),
    )
  })
