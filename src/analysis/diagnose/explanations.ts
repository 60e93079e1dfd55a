import type { Branch } from "../../semantics/part.ts"
import { bitOf, partsOf, type PartName } from "../../semantics/registry.ts"
import {
  choiceOf,
  semanticsOf,
  type Choice,
  type Fix,
  type SemanticsName,
} from "../../semantics/semantics.ts"
import type { Oracle } from "./tries.ts"

/** A choice of parts said from one end: a complete semantics, and the parts that are turned in it. */
export interface Explanation {
  readonly base: SemanticsName
  readonly fix: Fix
  /** The parts that are turned: back in a post-fix semantics, on in a pre-fix one. In registry order. */
  readonly turned: ReadonlyArray<PartName>
  readonly choice: Choice
}

/** The smallest explanations from one end: all of that size. */
export interface Smallest {
  readonly size: number
  readonly all: readonly [Explanation, ...Array<Explanation>]
}

export interface Explanations {
  /** By end; undefined where no set of up to `searched` parts explains it. */
  readonly found: Readonly<Partial<Record<Fix, Smallest>>>
  /** Every set of up to so many parts has been tried, from both ends. */
  readonly searched: number
  /** Whether every set of the size that was found has been tried; where none was, whether every choice at all has been. */
  readonly complete: boolean
}

/** On a tie the post-fix semantics comes first: what is asked of a backport is what it lacks. */
export const fixes: ReadonlyArray<Fix> = ["post-fix", "pre-fix"]

/** Sets of so many parts are always tried, whatever it costs. */
const alwaysSize = 2

/** How many rows the search for larger sets may replay: about 4 s. */
export const workBudget = 40_000_000

export const explanationOf = (branch: Branch, fix: Fix, turned: ReadonlyArray<PartName>): Explanation => {
  const base = semanticsOf(branch, fix)
  const mask = turned.reduce((after, part) => after ^ bitOf[part], base.after)
  return { base: base.name, fix, turned, choice: choiceOf(branch, mask) }
}

/**
 * The smallest sets of parts to turn back from post-fix, and to turn on from pre-fix, under which what was recorded conforms:
 * by size, from both ends, in registry order. Every choice is within half of the parts of one end, so that the search can
 * come to its end; the budget bounds it before, by rows and not by time, so that the result is the same everywhere.
 *
 * A generator, for it may take seconds: it yields after each piece of work.
 */
export function* explanations(
  branch: Branch,
  oracle: Oracle,
  budget: number = workBudget,
): Generator<void, Explanations> {
  const names = partsOf(branch).map(({ name }) => name)
  const half = Math.floor(names.length / 2)
  const found: Partial<Record<Fix, Smallest>> = {}
  const isFound = () => fixes.some((fix) => found[fix] !== undefined)
  let searched = -1
  let limit = Number.POSITIVE_INFINITY
  const isDone = (size: number) =>
    size <= alwaysSize ? fixes.every((fix) => found[fix] !== undefined) : isFound()
  for (let size = 0; size <= half && !isDone(size); size++) {
    if (size === alwaysSize + 1) limit = oracle.work() + budget
    for (const fix of fixes) {
      if (found[fix] !== undefined) continue
      const all: Array<Explanation> = []
      let outOfBudget = false
      for (const turned of combinations(names, size)) {
        const before = oracle.work()
        outOfBudget = before > limit
        if (outOfBudget) break
        const explanation = explanationOf(branch, fix, turned)
        if (oracle.conforms(explanation.choice.after)) all.push(explanation)
        if (oracle.work() !== before) yield
      }
      const [first, ...others] = all
      if (first !== undefined) found[fix] = { size, all: [first, ...others] }
      if (outOfBudget) return { found, searched, complete: false }
    }
    searched = size
  }
  return { found, searched, complete: isFound() || searched === half }
}

/** The smallest explanation of all, and on a tie that from post-fix. */
export const smallest = ({ found }: Explanations): Smallest | undefined =>
  fixes
    .flatMap((fix) => found[fix] ?? [])
    .reduce<Smallest | undefined>(
      (best, one) => (best === undefined || one.size < best.size ? one : best),
      undefined,
    )

/** Every subset of a size, in the order of the names. */
function* combinations<A>(names: ReadonlyArray<A>, size: number, from = 0): Generator<ReadonlyArray<A>> {
  if (size === 0) {
    yield []
    return
  }
  for (let at = from; at <= names.length - size; at++) {
    for (const rest of combinations(names, size - 1, at + 1)) yield [names[at]!, ...rest]
  }
}
