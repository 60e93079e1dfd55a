import { Effect, type Option } from "effect"
import { effectChoices, signoff, signoffRun, signoffTogether } from "../analysis/signoff.ts"
import { recorded } from "../analysis/timeline/recorded.ts"
import { signoffText, signoffTogetherText } from "../reports/signoff-text.ts"
import { choiceWords, chosen } from "./choice.ts"
import { exits } from "./exit.ts"
import { readingOf } from "./flags.ts"
import { overTraces } from "./over-traces.ts"
import { commandAgain } from "./reading.ts"
import type { ReportRequest } from "./report-flag.ts"
import { verdictOutcomes } from "./verdict-outcomes.ts"
import { version } from "./version.ts"
import { notes, viewing } from "./view.ts"

interface SignoffFlags {
  readonly traces: ReadonlyArray<string>
  readonly against: string
  readonly without: ReadonlyArray<string>
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
  readonly json: boolean
  readonly reports: ReadonlyArray<ReportRequest>
}

/** `wakediff signoff`: the exit codes of `wakediff verify`. */
export const signoffCommand = (flags: SignoffFlags) =>
  Effect.gen(function* () {
    const choice = yield* chosen(flags.against, flags.without)
    const words = choiceWords("--against", choice)
    const reading = readingOf(flags)
    yield* overTraces({
      kind: "signoff",
      traces: flags.traces,
      json: flags.json,
      reporting: { requests: flags.reports, view: (document) => viewing("signoff", document) },
      reading,
      hashed: true,
      analyse: (batches, { showing, explaining, needTimeline, sha256, tornLine }) => {
        const analyse = (rows: typeof batches) =>
          Effect.map(signoff(rows, choice), (signed) =>
            signoffRun(
              signed,
              { sha256: sha256(), tornLine: tornLine() },
              {
                verify: (one) => showing("verify", choiceWords("--against", one)),
                diff: (diffWords) => showing("diff", diffWords),
              },
            ),
          )
        if (!needTimeline) return analyse(batches)
        return Effect.map(
          recorded(batches, { choices: () => effectChoices(choice), explaining }, analyse),
          ({ found, timeline }) => ({ ...found, timeline }),
        )
      },
      render: (run, style, width) => signoffText(run, notes, style, width),
      codeOf: ({ verify }) => verdictOutcomes[verify.verdict].code,
      outcomeOf: ({ verify }) => verdictOutcomes[verify.verdict],
      together: (runs, refused) => {
        const command = commandAgain("signoff", words, reading, ...flags.traces)
        const together = signoffTogether(choice, runs, refused, command)
        const fields = { version, against: choice.semantics.name, without: choice.without, together }
        return {
          fields,
          render: (style, width) => `\n${signoffTogetherText(fields, style, width)}`,
          // Every run has said its own.
          code: exits.nothingFound.code,
        }
      },
    })
  })
