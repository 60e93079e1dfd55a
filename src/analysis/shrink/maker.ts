import { partsOf } from "../../semantics/registry.ts"
import type { Branch } from "../../semantics/part.ts"
import { choiceOf, semanticsOf, turn, type Choice } from "../../semantics/semantics.ts"
import { Verifier } from "../../replay/verifier.ts"
import type { Tape } from "../tape.ts"

/**
 * Whether a trace is what a semantics predicts, to its end. A trace that lacks outcome rows altogether is judged by its
 * results, states and counters; one that goes on behind undefined behaviour is not what the semantics predicts.
 */
export const conformsTo = (trace: Tape, after: number, hasOutcomes: boolean): boolean => {
  const verifier = new Verifier(trace.head.preamble, after, trace.head.entities)
  for (const batch of trace.batches) {
    verifier.run(batch, hasOutcomes)
    if (verifier.deviationCount !== (hasOutcomes ? 0 : verifier.missingCount)) return false
  }
  return verifier.unjudgedRowCount === 0
}

/** Those of a list that no other before it equals. */
const distinct = (choices: ReadonlyArray<Choice>): ReadonlyArray<Choice> => {
  const seen = new Set<number>()
  return choices.filter(({ after }) => !seen.has(after) && seen.add(after))
}

/** The branch's two semantics, before the fix first. */
const named = (branch: Branch): ReadonlyArray<Choice> =>
  (["pre-fix", "post-fix"] as const).map((fix) => choiceOf(branch, semanticsOf(branch, fix).after))

const singles = (choice: Choice): ReadonlyArray<Choice> =>
  partsOf(choice.semantics.branch).map(({ name }) =>
    choiceOf(choice.semantics.branch, turn(choice.after, name)),
  )

const pairs = (choice: Choice): ReadonlyArray<Choice> => singles(choice).flatMap(singles)

/**
 * What may have made a trace of a branch, the likely first: before the fix, after it, then with one part turned, then
 * with two.
 */
export const likelyMakers = (branch: Branch): ReadonlyArray<Choice> => {
  const both = named(branch)
  return distinct([...both, ...both.flatMap(singles), ...both.flatMap(pairs)])
}

/** What may have made a trace that deviates from a choice: what differs from it in least parts comes first. */
export const makersNear = (choice: Choice): ReadonlyArray<Choice> =>
  distinct([choice, ...singles(choice), ...pairs(choice), ...likelyMakers(choice.semantics.branch)]).slice(1)
