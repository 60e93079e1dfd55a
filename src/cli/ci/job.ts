/** What is done with one trace, in whichever thread. */
import { Effect } from "effect"
import { ciOutcomes } from "../../analysis/ci/outcomes.ts"
import type { CiOutcomes } from "../../domain/documents.ts"
import type { BadTrace } from "../../domain/errors.ts"
import type { ReadProgress } from "../../domain/progress.ts"
import type { Choice } from "../../semantics/semantics.ts"
import { readTrace } from "../../traces/read.ts"
import { chosen, choiceWords } from "../choice.ts"
import { commandAgain, type Reading } from "../reading.ts"
import type { CorpusTrace } from "./corpus.ts"
import type { Asked } from "./settings.ts"

/** Plain data: it is sent to a thread. */
export interface CiTask {
  readonly of: Pick<CorpusTrace, "path" | "trace" | "sha256">
  readonly asked: Asked
  readonly reading: Reading
}

export interface CiDone {
  readonly outcomes: CiOutcomes
  /** The torn last line that `--allow-torn` let drop. */
  readonly tornLine: number | null
}

/** Reads the trace once, and gives what the baseline is compared with. */
export const ciJob = (
  { of: { path, trace, sha256 }, asked, reading }: CiTask,
  progress: ReadProgress,
): Effect.Effect<CiDone, BadTrace> =>
  Effect.gen(function* () {
    let tornLine: number | null = null
    const onTorn = (line: number): void => {
      tornLine = line
    }
    const against = yield* choiceOf(asked.against, asked.without)
    const question = {
      against,
      from: yield* choiceOf(asked.from),
      to: yield* choiceOf(asked.to),
      failOn: asked.failOn,
    }
    const again = (command: string, words: ReadonlyArray<string>): string =>
      commandAgain(command, words, reading, trace)
    const outcomes = yield* ciOutcomes(readTrace(path, { ...reading, progress, onTorn }), question, {
      name: trace,
      verify: again("verify", against === undefined ? [] : choiceWords("--against", against)),
      diagnose: again("diagnose", []),
      diff: (words) => again("diff", words),
    })
    return { outcomes: { sha256, ...outcomes }, tornLine }
  })

/** The words were looked at when the settings were read. */
const choiceOf = (
  name: string | null,
  without: ReadonlyArray<string> = [],
): Effect.Effect<Choice | undefined> =>
  name === null ? Effect.succeed(undefined) : Effect.orDie(chosen(name, without))
