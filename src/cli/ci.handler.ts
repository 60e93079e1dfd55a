import { Effect } from "effect"
import { byTrace } from "../analysis/ci/merge.ts"
import type { CiRun, documents } from "../domain/documents.ts"
import { commandLine } from "../domain/text.ts"
import { ciEnd, ciText } from "../reports/ci-text.ts"
import { openFolder } from "./ci/baselines.ts"
import { openCorpus, type Corpus, type CorpusTrace } from "./ci/corpus.ts"
import { ciCodes, ciOutcomes } from "./ci/ending.ts"
import { finishCorpus } from "./ci/finish.ts"
import { lastFailed, remember } from "./ci/last-run.ts"
import { isRun, runTraces, type Decided, type Unreadable } from "./ci/run.ts"
import { settingsOf, wordsOf, type CiFlags, type CiSettings } from "./ci/settings.ts"
import { isOfShard, nameHash } from "./ci/shard.ts"
import { printDocument } from "./document.ts"
import { finish } from "./exit.ts"
import { openReports } from "./outputs.ts"
import { complain } from "./present.ts"
import type { ReportRequest } from "./report-flag.ts"
import { say } from "./say.ts"
import { tally } from "./tally.ts"
import { styleOf, terminalWidth } from "./terminal.ts"
import { version } from "./version.ts"
import { viewing } from "./view.ts"

type CiDocument = typeof documents.ci.Type

interface Flags extends CiFlags {
  readonly json: boolean
  readonly reports: ReadonlyArray<ReportRequest>
}

/** `wakediff ci`: exit code 1 where a baseline is changed, missing or obsolete, or a trace is not what the configuration says. */
export const ciCommand = (flags: Flags) =>
  Effect.scoped(
    Effect.gen(function* () {
      const settings = yield* settingsOf(flags)
      const outputs = yield* openReports(flags.reports, { json: flags.json })
      const isQuiet = flags.json || outputs.ownStdout
      if (settings.update !== "none") yield* openFolder(settings.baseline)
      const corpus = yield* openCorpus(settings)
      const traces = yield* chosenTraces(corpus, settings)
      const refused = corpus.refused.filter(({ trace }) => isOfShard(nameHash(trace), settings.shard))
      for (const error of refused) yield* complain(error)

      const decided = yield* runTraces(traces, settings, ({ result }) => {
        if (!isRun(result)) return complain(result)
        return isQuiet ? Effect.void : say(ciText(result, styleOf(), terminalWidth()))
      })

      const document = {
        ...documentOf(decided, refused, corpus, settings),
        ...(yield* finishCorpus(corpus, settings)),
      }
      if (flags.json) yield* printDocument("ci", document)
      else if (!isQuiet) yield* sayEnd(document, acceptance(document, flags))
      yield* outputs.write(yield* viewing("ci", document))
      // A memory that cannot be kept is no reason to fail.
      yield* Effect.catchTag(
        remember(settings, namesOf(traces), namesOf(failedOf(decided))),
        "BadOutput",
        complain,
      )
      yield* finish(ciCodes(document))
    }),
  )

const chosenTraces = (corpus: Corpus, settings: CiSettings) =>
  Effect.gen(function* () {
    const ofShard = corpus.traces.filter(({ sha256 }) => isOfShard(sha256, settings.shard))
    if (!settings.lastFailed) return ofShard
    const failed = yield* lastFailed(settings)
    const again = ofShard.filter(({ name }) => failed.has(name))
    if (again.length === 0) yield* complain({ message: "--last-failed: no trace failed in the last run" })
    return again
  })

const documentOf = (
  decided: ReadonlyArray<Decided>,
  refused: ReadonlyArray<Unreadable>,
  corpus: Corpus,
  { baseline, shard, hash }: CiSettings,
): Omit<CiDocument, "obsolete" | "removed" | "index"> => {
  const results = decided.map(({ result }) => result)
  return {
    schema: "wakediff/ci/1",
    version,
    baseline,
    shard: shard ?? null,
    corpus: corpus.hash,
    settings: hash,
    traces: corpus.names.size,
    runs: results.filter(isRun),
    refused: [...refused, ...results.filter((result): result is Unreadable => !isRun(result))]
      .map(refusalOf)
      .toSorted(byTrace),
  }
}

const refusalOf = (error: Unreadable) => ({
  trace: error._tag === "BadTrace" ? error.trace : error.file,
  error: error.message,
  line: error.line,
  column: error.column,
})

const isFailed = ({ result }: Decided): boolean => !isRun(result) || result.fails.length > 0

const failedOf = (decided: ReadonlyArray<Decided>): ReadonlyArray<CorpusTrace> =>
  decided.filter(isFailed).map(({ of }) => of)

const namesOf = (traces: ReadonlyArray<CorpusTrace>): ReadonlySet<string> =>
  new Set(traces.map(({ name }) => name))

const sayEnd = (document: CiDocument, accept: string | undefined) => {
  const style = styleOf()
  const advice = accept === undefined ? [] : ["", `To accept this, look at it and run: ${style.cyan(accept)}`]
  return say(["", tally("trace", ciOutcomes(document)), ...ciEnd(document, style), ...advice].join("\n"))
}

/** The command that accepts what has changed; undefined where there is nothing to accept. */
const acceptance = (document: CiDocument, flags: Flags): string | undefined => {
  const has = (failure: CiRun["fails"][number]): boolean =>
    document.runs.some(({ fails }) => fails.includes(failure))
  const mode =
    document.obsolete.length > 0
      ? "all"
      : has("baseline-changed") || document.index === "changed"
        ? "changed"
        : has("baseline-missing") || document.index === "missing"
          ? "missing"
          : undefined
  return mode === undefined ? undefined : commandLine(["wakediff", "ci", ...wordsOf(flags), "--update", mode])
}
