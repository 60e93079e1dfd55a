import { Effect, type Option } from "effect"
import { recorded } from "../analysis/timeline/recorded.ts"
import { verify } from "../analysis/verify.ts"
import { verifyRun } from "../analysis/verify-run.ts"
import { verifyText } from "../reports/verify-text.ts"
import { choiceWords, chosen } from "./choice.ts"
import { readingOf } from "./flags.ts"
import { overTraces } from "./over-traces.ts"
import type { ReportRequest } from "./report-flag.ts"
import { verdictOutcomes } from "./verdict-outcomes.ts"
import { notes, viewing } from "./view.ts"

export interface VerifyConfig {
  readonly traces: ReadonlyArray<string>
  readonly against: string
  readonly without: ReadonlyArray<string>
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
  readonly json: boolean
  readonly reports: ReadonlyArray<ReportRequest>
}

export const verifyCommand = (config: VerifyConfig) =>
  Effect.gen(function* () {
    const choice = yield* chosen(config.against, config.without)
    const words = choiceWords("--against", choice)
    yield* overTraces({
      kind: "verify",
      traces: config.traces,
      json: config.json,
      reporting: { requests: config.reports, view: (document) => viewing("verify", document) },
      reading: readingOf(config),
      analyse: (batches, { again, explaining, needTimeline }) => {
        const analyse = (rows: typeof batches) =>
          Effect.map(verify(rows, choice), (verification) => verifyRun(verification, again(words)))
        if (!needTimeline) return analyse(batches)
        return Effect.map(
          recorded(batches, { choices: () => [choice], explaining }, analyse),
          ({ found, timeline }) => ({ ...found, timeline }),
        )
      },
      render: (run, style, width) => verifyText(run, notes, style, width),
      codeOf: ({ verdict }) => verdictOutcomes[verdict].code,
      outcomeOf: ({ verdict }) => verdictOutcomes[verdict],
    })
  })
