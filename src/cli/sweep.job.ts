import { Effect } from "effect"
import { sweep } from "../analysis/sweep.ts"
import { tape } from "../analysis/tape.ts"
import type { TraceHead } from "../domain/batch.ts"
import { preambleValue } from "../domain/preamble.ts"
import { branchOf, choiceOf, semanticsOf, type Choice } from "../semantics/semantics.ts"
import { understood } from "./choice.ts"
import { traceJob } from "./trace-job.ts"

interface SweepAsked {
  readonly limits: ReadonlyArray<number>
  /** Null: the trace's own. */
  readonly reserves: ReadonlyArray<number> | null
  /** Names of semantics; none: the trace's branch before the fix, and after it. */
  readonly under: ReadonlyArray<string>
  /** The command's own flags. */
  readonly words: ReadonlyArray<string>
}

/** What `wakediff sweep` does with one trace. */
export const sweepJob = traceJob("sweep", (batches, asked: SweepAsked, { again }) =>
  Effect.gen(function* () {
    const { limits, reserves, under, words } = asked
    const named = yield* Effect.forEach(under, (semantics) => understood({ semantics, without: [] }))
    const whole = yield* tape(batches)
    const plan = {
      limits,
      reserves: reserves ?? [whole.head.preamble.reserve],
      choices: named.length > 0 ? named : bothSides(whole.head),
    }
    return yield* sweep(whole, plan, again(words))
  }),
)

const bothSides = (head: TraceHead): ReadonlyArray<Choice> => {
  const branch = branchOf(preambleValue(head.preamble, "haproxy"))
  return (["pre-fix", "post-fix"] as const).map((fix) => choiceOf(branch, semanticsOf(branch, fix).after))
}
