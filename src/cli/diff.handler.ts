import { Effect, Option } from "effect"
import type { DiffRun } from "../domain/documents.ts"
import { BadUsage } from "../domain/errors.ts"
import { diffText } from "../reports/diff-text.ts"
import { type DiffAsked, diffOptions } from "./diff.job.ts"
import { exits } from "./exit.ts"
import { failKindsOf } from "./fail-kinds.ts"
import { jobsOf, readingOf } from "./flags.ts"
import { overTraces } from "./over-traces.ts"
import type { ReportRequest } from "./report-flag.ts"
import { viewing } from "./view.ts"

interface DiffFlags {
  readonly traces: ReadonlyArray<string>
  readonly from: Option.Option<string>
  readonly to: Option.Option<string>
  readonly without: ReadonlyArray<string>
  readonly failOn: Option.Option<string>
  readonly only: ReadonlyArray<string>
  readonly most: number
  readonly jobs: Option.Option<number>
  readonly json: boolean
  readonly reports: ReadonlyArray<ReportRequest>
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
}

/** `wakediff diff`: exit code 1 where a kind that `--fail-on` names occurs. */
export const diff = (flags: DiffFlags) =>
  Effect.gen(function* () {
    const asked = yield* askedBy(flags)
    return yield* overTraces({
      kind: "diff",
      traces: flags.traces,
      json: flags.json,
      reporting: { requests: flags.reports, view: (document) => viewing("diff", document) },
      reading: readingOf(flags),
      jobs: jobsOf(flags),
      job: (run, task, progress) => run("diff", { task, asked }, progress),
      runOf: (run) => run,
      render: (run, style) => diffText(run, style, flags.most),
      codeOf: (run) => (fails(run) ? exits.finding.code : exits.nothingFound.code),
      outcomeOf: (run) =>
        fails(run)
          ? { one: "fails", many: "fail", code: exits.finding.code }
          : run.findings.length > 0
            ? { one: "differs", many: "differ", code: exits.nothingFound.code }
            : { one: "does not differ", many: "do not differ", code: exits.nothingFound.code },
    })
  })

const fails = (run: DiffRun): boolean => run.fails.length > 0

/** What is asked of every trace: the words of the flags, which are looked at here. */
const askedBy = (flags: DiffFlags): Effect.Effect<DiffAsked, BadUsage> =>
  Effect.gen(function* () {
    if (flags.most < 0) {
      return yield* new BadUsage({
        problem: `--most ${flags.most} is less than nothing`,
        advice: "Give a count",
      })
    }
    const { without, only, most } = flags
    const asked = { from: Option.getOrNull(flags.from), to: Option.getOrNull(flags.to), without, only, most }
    yield* diffOptions({ ...asked, failOn: [] })
    const failOn = yield* failKindsOf(
      "--fail-on",
      Option.getOrElse(flags.failOn, () => ""),
    )
    return { ...asked, failOn }
  })
