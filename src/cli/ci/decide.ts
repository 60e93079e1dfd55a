/** How the outcomes of a trace stand to its baseline, and the writing of it where that is asked for. */
import { Effect } from "effect"
import { changed } from "../../analysis/ci/changed.ts"
import { compareOutcomes } from "../../analysis/ci/compare.ts"
import type { Baseline, CiChange, CiOutcomes, CiRun, CiStatus } from "../../domain/documents.ts"
import type { BadOutput, BadResult } from "../../domain/errors.ts"
import {
  baselineOf,
  baselineText,
  jsonFile,
  keptText,
  pageFile,
  parseBaseline,
  writeFile,
} from "./baselines.ts"
import type { CorpusTrace } from "./corpus.ts"
import { pageText } from "./page.ts"
import type { UpdateMode } from "./settings.ts"

/** More changes of one trace than anybody reads. */
const keptChanges = 100

/** Compares one trace's outcomes with its baseline; writes the baseline where `update` says so. */
export const decide = (
  { name, trace }: Pick<CorpusTrace, "name" | "trace">,
  outcomes: CiOutcomes,
  folder: string,
  update: UpdateMode,
): Effect.Effect<CiRun, BadResult | BadOutput> =>
  Effect.gen(function* () {
    const baseline = baselineOf(trace, outcomes)
    const fresh: Texts = { json: baselineText(baseline), page: yield* pageText(baseline) }
    const kept = {
      json: yield* keptText(jsonFile(folder, name)),
      page: yield* keptText(pageFile(folder, name)),
    }
    const { status, changes } = yield* compared(baseline, fresh, kept, jsonFile(folder, name)).pipe(
      // What is written anew need not be read.
      Effect.catch((error) => (update === "all" ? Effect.succeed(unreadable(error)) : Effect.fail(error))),
    )
    const written = isWritten(status, update)
    if (written) {
      yield* writeFile(jsonFile(folder, name), fresh.json)
      yield* writeFile(pageFile(folder, name), fresh.page)
    }
    return {
      trace,
      name,
      status,
      written,
      fails: failuresOf(status, written, outcomes),
      changes: changes.slice(0, keptChanges),
      changesLeftOut: Math.max(0, changes.length - keptChanges),
      ...outcomes,
    }
  })

interface Texts {
  readonly json: string
  readonly page: string
}

interface Compared {
  readonly status: CiStatus
  readonly changes: ReadonlyArray<CiChange>
}

const compared = (
  baseline: Baseline,
  fresh: Texts,
  kept: { readonly [K in keyof Texts]: string | undefined },
  file: string,
): Effect.Effect<Compared, BadResult> =>
  Effect.gen(function* () {
    if (kept.json === undefined) return { status: "missing", changes: [] }
    const changes = kept.json === fresh.json ? [] : yield* jsonChanges(kept.json, baseline, file)
    const all = [...changes, ...(changes.length === 0 ? pageChanges(kept.page, fresh.page) : [])]
    return { status: all.length === 0 ? "same" : "changed", changes: all }
  })

const jsonChanges = (
  kept: string,
  baseline: Baseline,
  file: string,
): Effect.Effect<ReadonlyArray<CiChange>, BadResult> =>
  Effect.map(parseBaseline(file, kept), (before) => {
    const changes = compareOutcomes(before, baseline)
    if (changes.length > 0) return changes
    return [changed("other", "the file of the baseline", "written in another way", "the same outcomes")]
  })

/** Where the outcomes have changed, so has the page: that goes without saying. */
const pageChanges = (kept: string | undefined, fresh: string): ReadonlyArray<CiChange> => {
  if (kept === fresh) return []
  return [
    changed(
      "page",
      "the page of the baseline",
      kept === undefined ? "missing" : "another one",
      "as the outcomes are",
    ),
  ]
}

const unreadable = ({ message }: BadResult): Compared => ({
  status: "changed",
  changes: [changed("other", "the baseline", message, "written anew")],
})

const isWritten = (status: CiStatus, update: UpdateMode): boolean => {
  if (status === "same" || update === "none") return false
  return status === "missing" || update !== "missing"
}

const failuresOf = (status: CiStatus, written: boolean, { verify, diff }: CiOutcomes): CiRun["fails"] => [
  ...(status === "same" || written
    ? []
    : ([status === "missing" ? "baseline-missing" : "baseline-changed"] as const)),
  ...(verify?.verdict === "deviates" ? (["deviates"] as const) : []),
  ...diff.fails,
]
