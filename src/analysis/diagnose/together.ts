import type { Effect } from "effect"
import { findingOf, open, stepwise, type Diagnosis, type Finding } from "./diagnose.ts"
import { explanationOf, explanations, fixes, type Explanation } from "./explanations.ts"
import { Jointly } from "./tries.ts"

/** What several traces of one build say together. */
export interface JointDiagnosis extends Finding {
  /** The traces that `best` does not explain; untrusted. */
  readonly unexplained: ReadonlyArray<string>
  readonly traceCount: number
}

/**
 * Diagnoses several traces as recordings of one build: what explains each of them, so that each excludes what the others
 * leave open. Undefined where that cannot be asked: of fewer than two traces, or of two branches.
 */
export function* diagnosingTogether(
  diagnoses: ReadonlyArray<Diagnosis>,
  budget?: number,
): Generator<void, JointDiagnosis | undefined> {
  const able = diagnoses.flatMap(({ tries, ...one }) => (tries === undefined ? [] : [{ ...one, tries }]))
  const branch = able[0]?.branch
  if (branch === undefined || able.length < 2 || able.some((one) => one.branch !== branch)) return undefined
  const traceCount = able.length
  const jointly = new Jointly(able.map(({ tries }) => tries))
  const lost = able.filter(({ verdict }) => verdict === "unexplained")
  const found =
    lost.length > 0
      ? { found: {}, searched: -1, complete: lost.some(({ complete }) => complete) }
      : yield* explanations(branch, jointly, budget)
  const explained = findingOf(branch, found, jointly)
  if (explained !== undefined) return { ...explained, unexplained: [], traceCount }

  // The one that explains the most: which recordings are of another build is then to be seen.
  const missed = ({ choice }: Explanation) => able.filter(({ tries }) => !tries.conforms(choice.after))
  const candidates = [
    ...fixes.map((fix) => explanationOf(branch, fix, [])),
    ...able.flatMap(({ equivalent }) => equivalent),
  ]
  let [best, unexplained] = [candidates[0]!, missed(candidates[0]!)]
  for (const one of candidates.slice(1)) {
    const missedHere = missed(one)
    if (missedHere.length < unexplained.length) [best, unexplained] = [one, missedHere]
    yield
  }
  return {
    branch,
    verdict: "unexplained",
    best,
    equivalent: [],
    alsoConforms: [],
    notExercised: open(best, (after) =>
      able.every((one) => unexplained.includes(one) || one.tries.conforms(after)),
    ),
    complete: found.complete,
    searched: found.searched,
    unexplained: unexplained.map(({ trace }) => trace),
    traceCount,
  }
}

/** Diagnoses traces together, in their order: {@link diagnosingTogether}. */
export const diagnoseTogether = (
  diagnoses: ReadonlyArray<Diagnosis>,
): Effect.Effect<JointDiagnosis | undefined> => stepwise(() => diagnosingTogether(diagnoses))
