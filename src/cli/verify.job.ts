import { Effect } from "effect"
import { recorded } from "../analysis/timeline/recorded.ts"
import { verify } from "../analysis/verify.ts"
import { verifyRun } from "../analysis/verify-run.ts"
import { choiceWords, type ChoiceWords, understood } from "./choice.ts"
import { traceJob } from "./trace-job.ts"

/** What `wakediff verify` does with one trace: it asks for a choice. */
export const verifyJob = traceJob(
  "verify",
  (batches, asked: ChoiceWords, { again, explaining, needTimeline }) =>
    Effect.flatMap(understood(asked), (choice) => {
      const words = choiceWords("--against", choice)
      const analyse = (rows: typeof batches) =>
        Effect.map(verify(rows, choice), (verification) => verifyRun(verification, again(words)))
      if (!needTimeline) return analyse(batches)
      return Effect.map(
        recorded(batches, { choices: () => [choice], explaining }, analyse),
        ({ found, timeline }) => ({ ...found, timeline }),
      )
    }),
  { keepsNoBatch: true },
)
