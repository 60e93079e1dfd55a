import { Effect, Option } from "effect"
import { choicesOf, diff as diffOf, type DiffOptions } from "../analysis/diff.ts"
import { diffRun } from "../analysis/diff-run.ts"
import { recorded } from "../analysis/timeline/recorded.ts"
import type { DiffRun } from "../domain/documents.ts"
import { BadUsage } from "../domain/errors.ts"
import { diffText } from "../reports/diff-text.ts"
import type { Choice } from "../semantics/semantics.ts"
import { chosen } from "./choice.ts"
import { exits } from "./exit.ts"
import { failKindsOf } from "./fail-kinds.ts"
import { readingOf } from "./flags.ts"
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
  readonly json: boolean
  readonly reports: ReadonlyArray<ReportRequest>
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
}

/** `wakediff diff`: exit code 1 where a kind that `--fail-on` names occurs. */
export const diff = (flags: DiffFlags) =>
  Effect.gen(function* () {
    const options = yield* optionsOf(flags)
    const failOn = yield* failKindsOf(
      "--fail-on",
      Option.getOrElse(flags.failOn, () => ""),
    )
    return yield* overTraces({
      kind: "diff",
      traces: flags.traces,
      json: flags.json,
      reporting: { requests: flags.reports, view: (document) => viewing("diff", document) },
      reading: readingOf(flags),
      analyse: (batches, { again, explaining, needTimeline }) => {
        const analyse = (rows: typeof batches) =>
          Effect.map(diffOf(rows, options), (difference) => diffRun(difference, again, failOn))
        if (!needTimeline) return analyse(batches)
        return Effect.map(
          recorded(batches, { choices: (head) => choicesOf(head, options), explaining }, analyse),
          ({ found, timeline }) => ({ ...found, timeline }),
        )
      },
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

/** The two semantics; `--without` turns parts of the second one back, or of the first where the second has none. */
const optionsOf = (flags: DiffFlags): Effect.Effect<DiffOptions, BadUsage> =>
  Effect.gen(function* () {
    if (flags.most < 0) {
      return yield* new BadUsage({
        problem: `--most ${flags.most} is less than nothing`,
        advice: "Give a count",
      })
    }
    const toHasParts = Option.isNone(flags.to) || !isPreFix(yield* chosen(flags.to.value))
    const from = yield* named(flags.from, toHasParts ? [] : flags.without)
    const to = yield* named(flags.to, toHasParts ? flags.without : [])
    // Which branch the second semantics is of, the trace says: 1.7 knows every part.
    const without = to === undefined ? (yield* chosen("1.7-post-fix", flags.without)).without : []
    const only = flags.only.length === 0 ? undefined : new Set(flags.only)
    return { from, to, without, only, keep: Math.max(100, flags.most) }
  })

/** The choice that a flag names, where it is given. */
const named = (name: Option.Option<string>, without: ReadonlyArray<string>) =>
  Option.isNone(name) ? Effect.succeed(undefined) : chosen(name.value, without)

const isPreFix = (choice: Choice): boolean => choice.semantics.fix === "pre-fix"
