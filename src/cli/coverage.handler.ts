import { Effect, type Option } from "effect"
import { Coverage } from "../analysis/coverage.ts"
import { coverageText } from "../reports/coverage-text.ts"
import { exits } from "./exit.ts"
import { jobsOf, readingOf } from "./flags.ts"
import { overTraces } from "./over-traces.ts"

interface CoverageFlags {
  readonly traces: ReadonlyArray<string>
  readonly jobs: Option.Option<number>
  readonly json: boolean
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
}

/** `wakediff coverage`: exit code 0; what is missing is a list, not a failure. */
export const coverageCommand = (flags: CoverageFlags) =>
  Effect.suspend(() => {
    const corpus = new Coverage()
    return overTraces({
      kind: "coverage",
      traces: flags.traces,
      json: flags.json,
      reading: readingOf(flags),
      jobs: jobsOf(flags),
      job: (run, task, progress) => run("coverage", { task, asked: null }, progress),
      runOf: (found) => {
        corpus.add(found)
        return found.run
      },
      render: () => undefined,
      codeOf: () => exits.nothingFound.code,
      outcomeOf: () => undefined,
      together: (runs) => ({
        fields: { items: corpus.items },
        render: (style, width) => coverageText(runs, corpus.items, style, width),
        code: exits.nothingFound.code,
      }),
    })
  })
