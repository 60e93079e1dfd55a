import type { Deviation, DeviationKind } from "../../domain/verdict.ts"
import type { EntityKindName } from "../../domain/vocabulary.ts"
import {
  endingNames,
  wakeClasses,
  type Change,
  type Ending,
  type Wait,
  type WakeClass,
} from "../../domain/wait.ts"
import type { UndefinedKind } from "../../replay/machine.ts"
import { Projection } from "../../replay/projection.ts"
import { Verifier } from "../../replay/verifier.ts"
import type { Choice } from "../../semantics/semantics.ts"
import { Diff } from "../diff.ts"
import type { Tape } from "../tape.ts"
import type { Finding } from "./question.ts"

/** A finding as one trace shows it: what exactly every smaller trace must show too. */
export type Target =
  | { readonly _tag: "deviation"; readonly kind: DeviationKind; readonly part: string | null }
  | { readonly _tag: "undefined"; readonly kind: UndefinedKind }
  | {
      readonly _tag: "ending"
      readonly ending: Ending
      readonly requester: string | undefined
      /** Where no requester is named: one of this kind must wait. */
      readonly kind: EntityKindName
      /** Who of them waited first in the trace that was looked at. */
      readonly first: string
    }
  | { readonly _tag: "wake"; readonly wake: WakeClass }
  | { readonly _tag: "difference"; readonly change: Change | undefined }

/** Under which semantics a trace is looked at. */
export interface Lens {
  readonly under: Choice
  /** The second semantics, of a difference. */
  readonly beside: Choice | undefined
  /** Whether `under` is what made the trace: then it must not have to leave the recording. */
  readonly faithful: boolean
}

/** Of which kind of requester a wait is kept where the user names none: those that the fix is about come first. */
const kindOrder: ReadonlyArray<EntityKindName> = ["applet", "SPOE context", "stream", "task"]

/** The finding as a trace shows it; undefined if it does not. */
export const targetOf = (trace: Tape, finding: Finding, lens: Lens): Target | undefined => {
  switch (finding._tag) {
    case "deviation": {
      const first = firstDeviation(trace, lens.under.after)
      return first === undefined ? undefined : { _tag: "deviation", kind: first.kind, part: first.part }
    }
    case "undefined": {
      const kind = project(trace, lens).undefinedKind
      return kind === undefined ? undefined : { _tag: "undefined", kind }
    }
    case "ending": {
      const { ending, requester } = finding
      const waits = project(trace, lens).waits.filter((wait) => wait.ending === ending)
      const wanted = requester === undefined ? waits : waits.filter((wait) => wait.requester === requester)
      const kind = kindOrder.find((name) => wanted.some((wait) => wait.kind === name))
      const first = wanted.find((wait) => wait.kind === kind)
      return kind === undefined || first === undefined
        ? undefined
        : { _tag: "ending", ending, requester, kind, first: first.requester }
    }
    case "wake":
    case "difference":
      return shows(trace, finding, lens) ? finding : undefined
  }
}

/** Whether a trace shows a target. */
export const shows = (trace: Tape, target: Target, lens: Lens): boolean => {
  switch (target._tag) {
    case "deviation": {
      const first = firstDeviation(trace, lens.under.after)
      return first !== undefined && first.kind === target.kind && first.part === target.part
    }
    case "difference":
      return differs(trace, target.change, lens)
    case "undefined": {
      const { faithful, undefinedKind } = project(trace, lens)
      return faithful && undefinedKind === target.kind
    }
    case "wake": {
      const { faithful, wakes } = project(trace, lens)
      return faithful && wakes[target.wake] > 0
    }
    case "ending": {
      const { faithful, waits } = project(trace, lens)
      return faithful && waits.some((wait) => isWanted(wait, target))
    }
  }
}

const isWanted = (wait: Wait, target: Extract<Target, { _tag: "ending" }>): boolean =>
  wait.ending === target.ending &&
  (target.requester === undefined ? wait.kind === target.kind : wait.requester === target.requester)

/** The first deviation of a trace from a semantics. */
export const firstDeviation = (trace: Tape, after: number): Deviation | undefined => {
  const verifier = new Verifier(trace.head.preamble, after, trace.head.entities)
  for (const batch of trace.batches) {
    verifier.run(batch, true)
    if (verifier.first !== undefined) return verifier.first
  }
  return undefined
}

/** Whether a trace has no outcome row although a semantics predicts some: then it cannot be told from it. */
export const lacksOutcomes = (trace: Tape, under: Choice): boolean => {
  const verifier = new Verifier(trace.head.preamble, under.after, trace.head.entities)
  for (const batch of trace.batches) verifier.run(batch)
  return verifier.outcomeRowCount === 0 && verifier.missingCount > 0
}

/** Whether a replay under a semantics happens wholly as recorded. */
export const staysWith = (trace: Tape, under: Choice): boolean =>
  project(trace, { under, beside: undefined, faithful: true }).faithful

/** What a replay of a trace comes to. */
const project = (trace: Tape, lens: Lens) => {
  const waits: Array<Wait> = []
  const projection = new Projection(trace.head, lens.under.after, (wait) => waits.push(wait))
  for (const batch of trace.batches) projection.run(batch)
  projection.end()
  return {
    waits,
    wakes: projection.waits.wakeCounts,
    undefinedKind: projection.machine.undefinedKind,
    faithful: !lens.faithful || projection.departures.firstRow === null,
  }
}

const differs = (trace: Tape, change: Change | undefined, { under, beside }: Lens): boolean => {
  const difference = new Diff({ from: under, to: beside, keep: 1 })
  for (const batch of trace.batches) difference.push(batch)
  const { from, to, waits } = difference.finish()
  if (change !== undefined) return waits.changes[change] > 0
  const sameWakes = wakeClasses.every(({ name }) => from.wakes[name] === to.wakes[name])
  const changed = Object.entries(waits.changes).some(([name, count]) => name !== "same" && count > 0)
  return changed || !sameWakes || from.wakes.total !== to.wakes.total
}

/** What a trace does show under a semantics, in words: for who asks for what it does not. */
export const whatItShows = (trace: Tape, lens: Lens): ReadonlyArray<string> => {
  const { waits, wakes, undefinedKind } = project(trace, lens)
  const endings = endingNames
    .map((name) => ({ name, count: waits.filter(({ ending }) => ending === name).length }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `ending:${name.replaceAll(" ", "-")} (${count})`)
  const classes = wakeClasses
    .filter(({ name }) => wakes[name] > 0)
    .map(({ name }) => `wake:${name} (${wakes[name]})`)
  return [...endings, ...classes, ...(undefinedKind === undefined ? [] : [`undefined (${undefinedKind})`])]
}

/** Who waits in a trace, and how: for who names a requester that does not. */
export const requestersWith = (trace: Tape, ending: Ending, lens: Lens): ReadonlyArray<string> => [
  ...new Set(
    project(trace, lens)
      .waits.filter((wait) => wait.ending === ending)
      .map(({ requester }) => requester),
  ),
]
