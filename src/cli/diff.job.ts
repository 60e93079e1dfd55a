import { Effect } from "effect"
import { choicesOf, diff, type DiffOptions } from "../analysis/diff.ts"
import { diffRun } from "../analysis/diff-run.ts"
import { recorded } from "../analysis/timeline/recorded.ts"
import type { BadUsage } from "../domain/errors.ts"
import type { FailKind } from "../domain/wait.ts"
import type { Choice } from "../semantics/semantics.ts"
import { chosen } from "./choice.ts"
import { traceJob } from "./trace-job.ts"

/** What `wakediff diff` asks, in words; null: what the trace's branch says. */
export interface DiffAsked {
  readonly from: string | null
  readonly to: string | null
  readonly without: ReadonlyArray<string>
  readonly failOn: ReadonlyArray<FailKind>
  /** Requesters; empty: all of them. */
  readonly only: ReadonlyArray<string>
  /** How many findings are shown at most. */
  readonly most: number
}

/** What `wakediff diff` does with one trace. */
export const diffJob = traceJob(
  "diff",
  (batches, asked: DiffAsked, { again, explaining, needTimeline }) =>
    // The words were looked at before.
    Effect.flatMap(Effect.orDie(diffOptions(asked)), (options) => {
      const analyse = (rows: typeof batches) =>
        Effect.map(diff(rows, options), (difference) => diffRun(difference, again, asked.failOn))
      if (!needTimeline) return analyse(batches)
      return Effect.map(
        recorded(batches, { choices: (head) => choicesOf(head, options), explaining }, analyse),
        ({ found, timeline }) => ({ ...found, timeline }),
      )
    }),
  { keepsNoBatch: true },
)

/** The two semantics; `--without` turns parts of the second one back, or of the first where the second has none. */
export const diffOptions = (asked: DiffAsked): Effect.Effect<DiffOptions, BadUsage> =>
  Effect.gen(function* () {
    const toHasParts = asked.to === null || !isPreFix(yield* chosen(asked.to))
    const from = yield* named(asked.from, toHasParts ? [] : asked.without)
    const to = yield* named(asked.to, toHasParts ? asked.without : [])
    // Which branch the second semantics is of, the trace says: 1.7 knows every part.
    const without = to === undefined ? (yield* chosen("1.7-post-fix", asked.without)).without : []
    const only = asked.only.length === 0 ? undefined : new Set(asked.only)
    return { from, to, without, only, keep: Math.max(100, asked.most) }
  })

/** The choice that a flag names, where it is given. */
const named = (name: string | null, without: ReadonlyArray<string>) =>
  name === null ? Effect.succeed(undefined) : chosen(name, without)

const isPreFix = (choice: Choice): boolean => choice.semantics.fix === "pre-fix"
