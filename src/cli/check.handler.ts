import type { Option } from "effect"
import { checkText } from "../reports/check-text.ts"
import { exits } from "./exit.ts"
import { jobsOf, readingOf } from "./flags.ts"
import { overTraces } from "./over-traces.ts"

export interface CheckConfig {
  readonly traces: ReadonlyArray<string>
  readonly jobs: Option.Option<number>
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
  readonly json: boolean
}

export const checkCommand = (config: CheckConfig) =>
  overTraces({
    kind: "check",
    traces: config.traces,
    json: config.json,
    reading: readingOf(config),
    jobs: jobsOf(config),
    job: (run, task, progress) => run("check", { task, asked: null }, progress),
    runOf: (run) => run,
    render: checkText,
    codeOf: () => exits.nothingFound.code,
    outcomeOf: () => ({ one: "readable", many: "readable", code: exits.nothingFound.code }),
  })
