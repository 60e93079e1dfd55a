import type { Option } from "effect"
import { check } from "../analysis/check.ts"
import { checkText } from "../reports/check-text.ts"
import { formats } from "../traces/formats.ts"
import { exits } from "./exit.ts"
import { readingOf } from "./flags.ts"
import { overTraces } from "./over-traces.ts"

export interface CheckConfig {
  readonly traces: ReadonlyArray<string>
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
    analyse: (batches, { tornLine }) => check(batches, { format: formats[0].name, tornLine }),
    render: checkText,
    codeOf: () => exits.nothingFound.code,
    outcomeOf: () => ({ one: "readable", many: "readable", code: exits.nothingFound.code }),
  })
