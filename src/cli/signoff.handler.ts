import { Effect, type Option } from "effect"
import { signoffTogether } from "../analysis/signoff.ts"
import { signoffText, signoffTogetherText } from "../reports/signoff-text.ts"
import { choiceWords, chosen } from "./choice.ts"
import { exits } from "./exit.ts"
import { jobsOf, readingOf } from "./flags.ts"
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
  readonly jobs: Option.Option<number>
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
  readonly json: boolean
  readonly reports: ReadonlyArray<ReportRequest>
}

/** `wakediff signoff`: the exit codes of `wakediff verify`. */
export const signoffCommand = (flags: SignoffFlags) =>
  Effect.gen(function* () {
    const asked = { semantics: flags.against, without: flags.without }
    const choice = yield* chosen(asked.semantics, asked.without)
    const words = choiceWords("--against", choice)
    const reading = readingOf(flags)
    yield* overTraces({
      kind: "signoff",
      traces: flags.traces,
      json: flags.json,
      reporting: { requests: flags.reports, view: (document) => viewing("signoff", document) },
      reading,
      jobs: jobsOf(flags),
      job: (run, task, progress) => run("signoff", { task, asked }, progress),
      runOf: (run) => run,
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
