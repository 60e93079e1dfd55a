import { Effect, Stream } from "effect"
import type { RowBatch } from "../domain/batch.ts"
import type { Refusal, SignoffPart, SignoffRun, SignoffTogether } from "../domain/documents.ts"
import { preambleValue, type Preamble } from "../domain/preamble.ts"
import type { PartStatus } from "../domain/verdict.ts"
import { shownFindings } from "../domain/wait.ts"
import { partsOf } from "../semantics/registry.ts"
import { branchOf, choiceOf, semanticsOf, turn, type Choice } from "../semantics/semantics.ts"
import { Diff, type Difference } from "./diff.ts"
import { diffRun } from "./diff-run.ts"
import { Verify, type Verification } from "./verify.ts"
import { verifyRun } from "./verify-run.ts"

/** What is known of one trace that is to be signed off. */
export interface Signed {
  readonly preamble: Preamble
  readonly verification: Verification
  readonly difference: Difference
}

/**
 * The two semantics between which the effect is predicted: the branch before the fix, and what is signed off, or the whole
 * fix where that is the state before it.
 */
export const effectChoices = ({ semantics, after }: Choice): readonly [Choice, Choice] => {
  const { branch, fix } = semantics
  const whole = semanticsOf(branch, "post-fix").after
  return [
    choiceOf(branch, semanticsOf(branch, "pre-fix").after),
    choiceOf(branch, fix === "post-fix" ? after : whole),
  ]
}

/**
 * Verifies a trace and predicts what the fix changes for its workload, in one reading.
 *
 * @param batches the rows of one trace, as `readTrace` gives them
 */
export const signoff = <E, R>(
  batches: Stream.Stream<RowBatch, E, R>,
  choice: Choice,
): Effect.Effect<Signed, E, R> =>
  Effect.suspend(() => {
    const [from, to] = effectChoices(choice)
    const verify = new Verify(choice)
    const diff = new Diff({ from, to, keep: shownFindings })
    let preamble: Preamble | undefined
    const push = (batch: RowBatch): void => {
      preamble ??= batch.head.preamble
      verify.push(batch)
      diff.push(batch)
    }
    return batches.pipe(
      Stream.runForEachArray((chunk) => Effect.sync(() => chunk.forEach(push))),
      // The first batch always comes, if only with the head.
      Effect.map(() => ({
        preamble: preamble!,
        verification: verify.finish(),
        difference: diff.finish(),
      })),
    )
  })

/** The keys of a preamble that say what was recorded, in the order in which they are shown. */
const claimKeys = [
  "haproxy",
  "commit",
  "build",
  "counters.applets",
  "tune.buffers.limit",
  "tune.buffers.reserve",
  "workload",
  "recorder",
] as const

/** Makes the commands that show something of the trace again. */
export interface Showing {
  readonly verify: (choice: Choice) => string
  readonly diff: (words: ReadonlyArray<string>) => string
}

/** What one trace says, as `--json` prints it and every report renders it. */
export const signoffRun = (
  { preamble, verification, difference }: Signed,
  file: { readonly sha256: string; readonly tornLine: number | null },
  showing: Showing,
): SignoffRun => {
  const { choice, parts, confirmedAt, trace, rowCount } = verification
  const { branch } = choice.semantics
  return {
    trace,
    sha256: file.sha256,
    rows: rowCount,
    tornLine: file.tornLine,
    claims: claimKeys.flatMap((key) => {
      const value = preambleValue(preamble, key)
      return value === undefined ? [] : [{ key, value }]
    }),
    verify: verifyRun(verification, showing.verify(choice)),
    parts: partsOf(branch).map(({ name }) => ({
      part: name,
      status: parts[name]!,
      row: parts[name] === "confirmed" ? (confirmedAt.get(name) ?? null) : null,
      command: showing.verify(choiceOf(branch, turn(choice.after, name))),
    })),
    diff: diffRun(difference, showing.diff),
  }
}

/** What all traces together say of a choice of semantics. `command` signs them off again. */
export const signoffTogether = (
  choice: Choice,
  runs: ReadonlyArray<SignoffRun>,
  refused: ReadonlyArray<Refusal>,
  command: string,
): SignoffTogether => {
  const count = (verdict: string): number => runs.filter(({ verify }) => verify.verdict === verdict).length
  const counts = {
    conforms: count("conforms"),
    deviates: count("deviates"),
    inconclusive: count("inconclusive"),
    refused: refused.length,
  }
  const isWhole = counts.conforms === runs.length && runs.length > 0 && refused.length === 0
  return {
    verdict: counts.deviates > 0 ? "deviates" : isWhole ? "conforms" : "inconclusive",
    counts,
    parts: partsOf(choice.semantics.branch).map(({ name, commit, places, workload }): SignoffPart => ({
      part: name,
      commit,
      places,
      confirmedBy: tracesWith(runs, name, "confirmed"),
      contradictedBy: tracesWith(runs, name, "contradicted"),
      notExercisedBy: tracesWith(runs, name, "not exercised"),
      workload,
    })),
    doubts: [...otherBranch(choice, runs), ...severalBuilds(runs), ...sameBytes(runs)],
    command,
  }
}

const tracesWith = (
  runs: ReadonlyArray<SignoffRun>,
  part: string,
  status: PartStatus,
): ReadonlyArray<string> =>
  runs.filter(({ verify }) => verify.parts[part] === status).map(({ trace }) => trace)

const claimOf = ({ claims }: SignoffRun, key: (typeof claimKeys)[number]): string | undefined =>
  claims.find((claim) => claim.key === key)?.value

/** A recording of another branch says little of this one. */
const otherBranch = ({ semantics }: Choice, runs: ReadonlyArray<SignoffRun>): ReadonlyArray<string> =>
  runs.flatMap((run) => {
    const haproxy = claimOf(run, "haproxy")
    if (haproxy === undefined || branchOf(haproxy) === semantics.branch) return []
    return [
      `${run.trace} claims to be of HAProxy ${haproxy}, and ${semantics.name} is of ${semantics.branch}`,
    ]
  })

/** One sign-off is of one build: what one confirms says nothing of another. */
const severalBuilds = (runs: ReadonlyArray<SignoffRun>): ReadonlyArray<string> => {
  const claimed = new Set(runs.map((run) => claimOf(run, "commit") ?? "no commit"))
  return claimed.size < 2
    ? []
    : [`the traces claim to be of ${claimed.size} builds: ${[...claimed].toSorted().join(", ")}`]
}

/** A copy of a recording is no second witness. */
const sameBytes = (runs: ReadonlyArray<SignoffRun>): ReadonlyArray<string> =>
  runs.flatMap((run, at) => {
    const first = runs.findIndex(({ sha256 }) => sha256 === run.sha256)
    return first === at ? [] : [`${run.trace} is the same recording as ${runs[first]!.trace}`]
  })
