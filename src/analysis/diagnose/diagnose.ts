import { Effect, type Stream } from "effect"
import type { RowBatch } from "../../domain/batch.ts"
import { preambleValue } from "../../domain/preamble.ts"
import type { Deviation, Diagnosed, Undefined } from "../../domain/verdict.ts"
import { Event, Site } from "../../domain/vocabulary.ts"
import type { Branch } from "../../semantics/part.ts"
import { bitOf, partsOf, type PartName } from "../../semantics/registry.ts"
import { branchOf, choiceOf, type Fix } from "../../semantics/semantics.ts"
import { explanationOf, explanations, fixes, smallest, type Explanation } from "./explanations.ts"
import type { Explanations } from "./explanations.ts"
import { tape, type Tape } from "../tape.ts"
import { Tries, type Oracle } from "./tries.ts"

/** Which choice of parts explains a trace, or several traces of one build. */
export interface Finding {
  readonly branch: Branch
  readonly verdict: Diagnosed
  /** What explains it in the fewest words; what comes nearest where nothing does. */
  readonly best: Explanation
  /** Every explanation of that size from that end, `best` the first; none where nothing explains it. */
  readonly equivalent: ReadonlyArray<Explanation>
  /** The smallest explanations from the other end, where there are any. */
  readonly alsoConforms: ReadonlyArray<Explanation>
  /** Parts of which nothing is said: turned the other way in `best`, they leave the verdict as it is. */
  readonly notExercised: ReadonlyArray<PartName>
  /** Whether no set of that size is missing; where nothing explains it, whether no choice of parts does. */
  readonly complete: boolean
  /** All sets of up to so many parts have been tried, from both ends. */
  readonly searched: number
}

/** What diagnosing one trace says. */
export interface Diagnosis extends Finding {
  /** The trace's name; untrusted. */
  readonly trace: string
  readonly rowCount: number
  /** Why the verdict is `inconclusive`, in words. */
  readonly reason: string | null
  /** Under `best`. */
  readonly deviationCount: number
  readonly first: Deviation | null
  readonly undefined: Undefined | null
  /** Rows after the undefined one. */
  readonly unjudgedRowCount: number
  /** The first row that each complete semantics does not explain; null where it explains all. */
  readonly ends: Readonly<Record<Fix, number | null>>
  /** What has been tried so far: diagnosing this trace together with others goes on from there. Absent where it cannot be. */
  readonly tries: Tries | undefined
}

/** Nearest misses whose deviations are counted in full. */
const mostCounted = 16

/** Diagnoses one trace that lies in memory. A generator: it yields after each piece of work, for it may take seconds. */
export function* diagnosing(trace: Tape, asked?: Branch, budget?: number): Generator<void, Diagnosis> {
  const branch = asked ?? branchOf(preambleValue(trace.head.preamble, "haproxy"))
  const tries = new Tries(trace)
  const ends = {} as Record<Fix, number | null>
  for (const fix of fixes) {
    const { conforms, row } = tries.ask(explanationOf(branch, fix, []).choice.after)
    ends[fix] = conforms ? null : row
    yield
  }
  const subject = { trace: trace.head.name, rowCount: trace.rowCount, ends }
  const neither = fixes.every((fix) => ends[fix] !== null)
  if (neither && !hasOutcomes(trace)) return { ...subject, ...withoutOutcomes(branch) }
  const found = yield* explanations(branch, tries, budget)
  const explained = findingOf(branch, found, tries)
  const finding = explained ?? (yield* nearest(branch, found, tries))
  const verifier = tries.inFull(finding.best.choice.after)
  return {
    ...subject,
    ...finding,
    reason: finding.verdict === "inconclusive" ? neverReached : null,
    deviationCount: verifier.deviationCount,
    first: verifier.first ?? null,
    undefined: verifier.undefined ?? null,
    unjudgedRowCount: verifier.unjudgedRowCount,
    tries,
  }
}

const neverReached = "both the code before the fix and the code after it explain it: it never reached the bug"

/** What explains it, where something does. */
export const findingOf = (branch: Branch, found: Explanations, oracle: Oracle): Finding | undefined => {
  const least = smallest(found)
  if (least === undefined) return undefined
  const best = least.all[0]
  const others = fixes.filter((fix) => fix !== best.fix).flatMap((fix) => found.found[fix] ?? [])
  const tie = least.size === 0 && others.some(({ size }) => size === 0)
  return {
    branch,
    verdict: tie ? "inconclusive" : "explained",
    best,
    equivalent: least.all,
    alsoConforms: others.flatMap(({ all }) => all),
    notExercised: open(best, (after) => oracle.conforms(after)),
    complete: found.complete,
    searched: found.searched,
  }
}

/** The parts that may as well be the other way, in registry order. */
export const open = (
  { choice }: Explanation,
  isSame: (after: number) => boolean,
): ReadonlyArray<PartName> => {
  const { branch } = choice.semantics
  return partsOf(branch)
    .map(({ name }) => name)
    .filter((name) => isSame(choiceOf(branch, choice.after ^ bitOf[name]).after))
}

const size = ({ turned }: Explanation): number => turned.length

/**
 * What comes nearest where nothing explains a trace: what deviates last; of several the smallest set, then the one with the
 * fewest deviations in all. What is left is no hunk of the fix.
 */
function* nearest(branch: Branch, found: Explanations, tries: Tries): Generator<void, Finding> {
  const last = tries.answers.reduce((row, answer) => Math.max(row, answer.row), 0)
  const candidates = tries.answers
    .filter(({ row }) => row === last)
    .map(({ after }) => fromNearerEnd(branch, after))
    .toSorted((a, b) => size(a) - size(b))
  const least = candidates.filter((one) => size(one) === size(candidates[0]!)).slice(0, mostCounted)
  let [best, fewest] = [least[0]!, Number.POSITIVE_INFINITY]
  for (const one of least) {
    const { deviationCount } = tries.inFull(one.choice.after)
    if (deviationCount < fewest) [best, fewest] = [one, deviationCount]
    yield
  }
  return {
    branch,
    verdict: "unexplained",
    best,
    equivalent: [],
    alsoConforms: [],
    notExercised: open(best, (after) => tries.ask(after).row === last),
    complete: found.complete,
    searched: found.searched,
  }
}

/** A choice of parts in the fewest words. */
const fromNearerEnd = (branch: Branch, after: number): Explanation => {
  const isAfter = (name: PartName) => (after & bitOf[name]) !== 0
  const names = partsOf(branch).map(({ name }) => name)
  const back = names.filter((name) => !isAfter(name))
  const on = names.filter(isAfter)
  return back.length <= on.length
    ? explanationOf(branch, "post-fix", back)
    : explanationOf(branch, "pre-fix", on)
}

const hasOutcomes = ({ batches }: Tape): boolean =>
  batches.some((batch) => {
    for (let i = 0; i < batch.rowCount; i++) {
      if (batch.event[i]! >= Event.enqueue || batch.site[i] === Site.offer) return true
    }
    return false
  })

/** A trace that lacks outcome rows lacks what tells the parts apart. */
const withoutOutcomes = (branch: Branch): Omit<Diagnosis, "trace" | "rowCount" | "ends"> => ({
  branch,
  verdict: "inconclusive",
  best: explanationOf(branch, "post-fix", []),
  equivalent: [],
  alsoConforms: [],
  notExercised: partsOf(branch).map(({ name }) => name),
  complete: false,
  searched: -1,
  reason: "it has no outcome rows: it can be replayed and diffed, not diagnosed",
  deviationCount: 0,
  first: null,
  undefined: null,
  unjudgedRowCount: 0,
  tries: undefined,
})

/** Runs a generator of pieces of work to its end. */
export const stepsDone = <A>(work: Generator<void, A>): A => {
  for (;;) {
    const next = work.next()
    if (next.done === true) return next.value
  }
}

/** The same so that others get their turn: progress, interruption. */
export const stepwise = <A>(work: () => Generator<void, A>): Effect.Effect<A> =>
  Effect.gen(function* () {
    const generator = work()
    for (;;) {
      const next = generator.next()
      if (next.done === true) return next.value
      yield* Effect.yieldNow
    }
  })

/**
 * Diagnoses a trace: the smallest sets of parts of the fix to turn back, or to turn on, under which it conforms.
 *
 * @param batches the rows of one trace, as `readTrace` gives them; they are kept while it is diagnosed
 * @param branch instead of the one that the trace names
 */
export const diagnose = <E, R>(
  batches: Stream.Stream<RowBatch, E, R>,
  branch?: Branch,
): Effect.Effect<Diagnosis, E, R> =>
  Effect.flatMap(tape(batches), (all) => stepwise(() => diagnosing(all, branch)))
