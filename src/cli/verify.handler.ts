import { Effect, type Option } from "effect"
import { verifyText } from "../reports/verify-text.ts"
import { chosen } from "./choice.ts"
import { jobsOf, readingOf } from "./flags.ts"
import { overTraces } from "./over-traces.ts"
import type { ReportRequest } from "./report-flag.ts"
import { verdictOutcomes } from "./verdict-outcomes.ts"
import { notes, viewing } from "./view.ts"

export interface VerifyConfig {
  readonly traces: ReadonlyArray<string>
  readonly against: string
  readonly without: ReadonlyArray<string>
  readonly jobs: Option.Option<number>
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
  readonly json: boolean
  readonly reports: ReadonlyArray<ReportRequest>
}

export const verifyCommand = (config: VerifyConfig) =>
  Effect.gen(function* () {
    const asked = { semantics: config.against, without: config.without }
    yield* chosen(asked.semantics, asked.without)
    yield* overTraces({
      kind: "verify",
      traces: config.traces,
      json: config.json,
      reporting: { requests: config.reports, view: (document) => viewing("verify", document) },
      reading: readingOf(config),
      jobs: jobsOf(config),
      job: (run, task, progress) => run("verify", { task, asked }, progress),
      runOf: (run) => run,
      render: (run, style, width) => verifyText(run, notes, style, width),
      codeOf: ({ verdict }) => verdictOutcomes[verdict].code,
      outcomeOf: ({ verdict }) => verdictOutcomes[verdict],
    })
  })
