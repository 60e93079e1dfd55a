import { Effect, Option } from "effect"
import { stepsDone, type Diagnosis } from "../analysis/diagnose/diagnose.ts"
import { diagnoseTogetherRun } from "../analysis/diagnose/run.ts"
import { diagnosingTogether } from "../analysis/diagnose/together.ts"
import { Tries } from "../analysis/diagnose/tries.ts"
import type { DiagnoseRun, DiagnoseTogether } from "../domain/documents.ts"
import { diagnoseText, togetherText } from "../reports/diagnose-text.ts"
import type { Branch } from "../semantics/part.ts"
import { exits } from "./exit.ts"
import { jobsOf, readingOf } from "./flags.ts"
import { overTraces } from "./over-traces.ts"
import type { ReportRequest } from "./report-flag.ts"
import type { Outcome } from "./tally.ts"
import { notes, viewing } from "./view.ts"

interface DiagnoseFlags {
  readonly traces: ReadonlyArray<string>
  readonly branch: Option.Option<Branch>
  readonly jobs: Option.Option<number>
  readonly json: boolean
  readonly reports: ReadonlyArray<ReportRequest>
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
}

type Found = Pick<DiagnoseRun | DiagnoseTogether, "verdict" | "without" | "with">

const outcomeOf = ({ verdict, without, with: on }: Found): Outcome => {
  if (verdict === "unexplained") return { one: verdict, many: verdict, code: exits.finding.code }
  if (verdict === "inconclusive") return { one: verdict, many: verdict, code: exits.inconclusive.code }
  return without.length + on.length > 0
    ? { one: "misses a hunk", many: "miss a hunk", code: exits.finding.code }
    : { one: "complete", many: "complete", code: exits.nothingFound.code }
}

/** `wakediff diagnose`: exit code 1 where a hunk is missing, or nothing explains a trace. */
export const diagnoseCommand = (flags: DiagnoseFlags) =>
  Effect.suspend(() => {
    const branch = Option.getOrUndefined(flags.branch)
    const diagnoses: Array<Diagnosis> = []
    return overTraces({
      kind: "diagnose",
      traces: flags.traces,
      json: flags.json,
      reporting: { requests: flags.reports, view: (document) => viewing("diagnose", document) },
      reading: readingOf(flags),
      jobs: jobsOf(flags),
      job: (run, task, progress) => run("diagnose", { task, asked: branch ?? null }, progress),
      runOf: ({ run, diagnosis, tries }) => {
        diagnoses.push({ ...diagnosis, tries: tries && Tries.unpacked(tries) })
        return run
      },
      render: (run, style, width) => diagnoseText(run, notes, style, width),
      codeOf: (run) => outcomeOf(run).code,
      outcomeOf,
      together: (runs) => {
        const found = stepsDone(diagnosingTogether(diagnoses))
        const together = found === undefined ? null : diagnoseTogetherRun(found)
        // Alone, a trace is all that there is.
        const said = together ?? (runs.length === 1 ? runs[0] : undefined)
        return {
          fields: { together },
          render: (style, width) =>
            said === undefined ? undefined : togetherText(said, notes, style, width),
          code: together === null ? exits.nothingFound.code : outcomeOf(together).code,
        }
      },
    })
  })
