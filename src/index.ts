/**
 * wakediff as a library: recordings of HAProxy's buffer wait queue, replayed under the semantics before and after the fix.
 *
 *     const choice = choose("1.7-post-fix")
 *     if (isChoiceFailure(choice)) throw new Error(choice._tag)
 *     const verification = await Effect.runPromise(verify(readTrace("trace.csv.gz"), choice))
 *
 * Everything is an `Effect` or a `Stream` of `effect` 4.1, which is a dependency to share. A trace streams through in
 * batches: memory stays flat, whatever its length. The only failure is {@link BadTrace}.
 *
 * Texts that come out of a trace (its name, its preamble, applet names, and the sentences that quote them) are untrusted:
 * make them inert with {@link inert} before a terminal sees them.
 */
import * as registry from "./semantics/registry.ts"
import * as choices from "./semantics/semantics.ts"

export { check, type CheckFacts } from "./analysis/check.ts"
export { diff, type Difference, type DiffOptions, type Replay, type WaitCounts } from "./analysis/diff.ts"
export type { WaitChange } from "./analysis/change.ts"
export { verify, type Verification } from "./analysis/verify.ts"
export type { RowBatch, TraceHead } from "./domain/batch.ts"
export type { CheckRun, DiffRun, SemanticsRun, VerifyRun } from "./domain/documents.ts"
export { BadTrace } from "./domain/errors.ts"
export type { Preamble } from "./domain/preamble.ts"
export type { ReadProgress } from "./domain/progress.ts"
export { inert } from "./domain/text.ts"
export type { Deviation, DeviationKind, PartStatus, Undefined, Verdict } from "./domain/verdict.ts"
export type { Change, Ending, Wait, WakeClass, WakeCounts } from "./domain/wait.ts"
export type { Branch, Part, Place } from "./semantics/part.ts"
export type { PartName } from "./semantics/registry.ts"
export type { Choice, ChoiceFailure, Fix, Semantics, SemanticsName } from "./semantics/semantics.ts"
export { choose, describeChoice, isChoiceFailure } from "./semantics/semantics.ts"
export { findTraces } from "./traces/find.ts"
export { readTrace, type ReadOptions } from "./traces/read.ts"

/** The registry of semantics and of the parts of the fix; `choose` makes a choice of them from words. */
export const semantics = {
  /** Every named semantics. */
  all: choices.allSemantics,
  names: choices.semanticsNames,
  /** Every part of the fix, in the order of every list. */
  parts: registry.parts,
  partNames: registry.partNames,
  /** The parts that exist in a branch: 1.6 has no SPOE. */
  partsOf: registry.partsOf,
  /** The semantics of a branch before or after the fix. */
  semanticsOf: choices.semanticsOf,
  /** The branch that a trace's `haproxy` key names, `1.7` where it names none. */
  branchOf: choices.branchOf,
  /** Every part of a choice turned the other way. */
  opposite: choices.opposite,
} as const
