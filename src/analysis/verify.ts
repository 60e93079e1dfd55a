import { Effect, Stream } from "effect"
import type { RowBatch } from "../domain/batch.ts"
import type { Deviation, PartStatus, Undefined, Verdict } from "../domain/verdict.ts"
import { Verifier } from "../replay/verifier.ts"
import type { Choice } from "../semantics/semantics.ts"
import { Trials } from "./trials.ts"

/** What verifying one trace under one semantics says. */
export interface Verification {
  /** The trace's name; untrusted. */
  readonly trace: string
  readonly rowCount: number
  readonly choice: Choice
  readonly verdict: Verdict
  /** Why the verdict is `inconclusive`, in words. */
  readonly reason: string | null
  readonly deviationCount: number
  readonly first: Deviation | null
  readonly undefined: Undefined | null
  /** Rows after the undefined one: they are not judged. */
  readonly unjudgedRowCount: number
  /** By part of the branch, in registry order. */
  readonly parts: Readonly<Record<string, PartStatus>>
  /** By part that is confirmed: the first row at which the other choice would have shown. */
  readonly confirmedAt: ReadonlyMap<string, number>
}

/**
 * Verifies one trace, batch by batch: `outcomes.md`, "Verdicts of a verification". Pure and synchronous; nothing of the
 * trace is kept.
 */
export class Verify {
  readonly #choice: Choice
  #base: Verifier | undefined
  #trials: Trials | undefined
  #last: RowBatch | undefined

  constructor(choice: Choice) {
    this.#choice = choice
  }

  push(batch: RowBatch): void {
    if (this.#base === undefined) {
      const { preamble, entities } = batch.head
      const make = (after: number) => new Verifier(preamble, after, entities)
      this.#base = make(this.#choice.after)
      this.#trials = new Trials(this.#choice, make)
    }
    this.#trials!.run(this.#base, batch)
    if (batch.rowCount > 0 || this.#last === undefined) this.#last = batch
  }

  /** The verdict, when the trace has ended. At least one batch has been pushed: the head's. */
  finish(): Verification {
    const base = this.#base!
    const trials = this.#trials!
    const lastRow = this.#last!.firstRow + this.#last!.rowCount - 1
    const death = trials.deathAtEnd(base)
    if (death !== undefined) base.diedFor(death, this.#last!)
    // A trace that lacks outcome rows altogether lacks them for no reason of the queue's: it can be replayed, not
    // verified. Where none is predicted either, the queue was never used, and nothing is lacking.
    const hasOutcomes = base.outcomeRowCount > 0 || base.missingCount === 0
    const deviationCount = hasOutcomes ? base.deviationCount : base.deviationCount - base.missingCount
    const reason = deviationCount > 0 ? null : doubt(base, hasOutcomes, trials)
    const first = (hasOutcomes ? base.first : base.firstOther) ?? null
    const statuses = blamed(trials.statuses(base), first)
    return {
      trace: this.#last!.head.name,
      rowCount: base.rowCount,
      choice: this.#choice,
      verdict: deviationCount > 0 ? "deviates" : reason === null ? "conforms" : "inconclusive",
      reason,
      deviationCount,
      first,
      // A trace that ends before the row at which it would show does not show it.
      undefined: base.undefined !== undefined && base.undefined.row <= lastRow ? base.undefined : null,
      unjudgedRowCount: base.unjudgedRowCount,
      confirmedAt: hasOutcomes ? trials.firstRows(base) : new Map(),
      parts: hasOutcomes ? statuses : mapValues(statuses, () => "not exercised"),
    }
  }
}

/**
 * Where more than one part is wrong at the first deviation, no single one turned gets past it. Then the part whose rule
 * it breaks is the one that the trace contradicts.
 */
const blamed = (
  statuses: Readonly<Record<string, PartStatus>>,
  first: Deviation | null,
): Readonly<Record<string, PartStatus>> => {
  const part = first?.part ?? ""
  if (!(part in statuses) || Object.values(statuses).includes("contradicted")) return statuses
  return { ...statuses, [part]: "contradicted" }
}

/** Why a trace without deviations does not conform for certain; null if it does. */
const doubt = (base: Verifier, hasOutcomes: boolean, trials: Trials): string | null => {
  if (!hasOutcomes) return "it has no outcome rows: it can be replayed and diffed, not verified"
  if (base.unjudgedRowCount > 0) {
    return `what happens after row ${base.undefined!.row} is undefined, and ${base.unjudgedRowCount} rows follow`
  }
  if (trials.oppositeConforms(base))
    return "it would conform as well with every part the other way: it never reached the bug"
  return null
}

const mapValues = <V>(record: Readonly<Record<string, unknown>>, value: () => V): Record<string, V> =>
  Object.fromEntries(Object.keys(record).map((key) => [key, value()]))

/**
 * Verifies a trace under a choice of semantics.
 *
 * @param batches the rows of one trace, as `readTrace` gives them
 */
export const verify = <E, R>(
  batches: Stream.Stream<RowBatch, E, R>,
  choice: Choice,
): Effect.Effect<Verification, E, R> =>
  Effect.suspend(() => {
    const verification = new Verify(choice)
    return batches.pipe(
      Stream.runForEachArray((chunk) =>
        Effect.sync(() => chunk.forEach((batch) => verification.push(batch))),
      ),
      Effect.map(() => verification.finish()),
    )
  })
