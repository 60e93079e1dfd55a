import { Effect, type Option } from "effect"
import { verify } from "../analysis/verify.ts"
import { verifyRun } from "../analysis/verify-run.ts"
import type { Verdict } from "../domain/verdict.ts"
import { verifyText } from "../reports/verify-text.ts"
import { parts } from "../semantics/registry.ts"
import { choiceWords, chosen } from "./choice.ts"
import { exits } from "./exit.ts"
import { readingOf } from "./flags.ts"
import { overTraces } from "./over-traces.ts"
import type { Outcome } from "./tally.ts"

export interface VerifyConfig {
  readonly traces: ReadonlyArray<string>
  readonly against: string
  readonly without: ReadonlyArray<string>
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
  readonly json: boolean
}

const outcomes: { readonly [V in Verdict]: Outcome } = {
  conforms: { one: "conforms", many: "conform", code: exits.nothingFound.code },
  deviates: { one: "deviates", many: "deviate", code: exits.finding.code },
  inconclusive: { one: "inconclusive", many: "inconclusive", code: exits.inconclusive.code },
}

const notes = new Map(parts.map((part) => [part.name as string, part]))

export const verifyCommand = (config: VerifyConfig) =>
  Effect.gen(function* () {
    const choice = yield* chosen(config.against, config.without)
    const words = choiceWords("--against", choice)
    yield* overTraces({
      kind: "verify",
      traces: config.traces,
      json: config.json,
      reading: readingOf(config),
      analyse: (batches, { again }) =>
        Effect.map(verify(batches, choice), (verification) => verifyRun(verification, again(words))),
      render: (run, style, width) => verifyText(run, notes, style, width),
      codeOf: ({ verdict }) => outcomes[verdict].code,
      outcomeOf: ({ verdict }) => outcomes[verdict],
    })
  })
