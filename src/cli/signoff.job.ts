import { Effect } from "effect"
import { effectChoices, signoff, signoffRun } from "../analysis/signoff.ts"
import { recorded } from "../analysis/timeline/recorded.ts"
import { choiceWords, type ChoiceWords, understood } from "./choice.ts"
import { traceJob } from "./trace-job.ts"

/** What `wakediff signoff` does with one trace: it asks for a choice. */
export const signoffJob = traceJob(
  "signoff",
  (batches, asked: ChoiceWords, { showing, explaining, needTimeline, sha256, tornLine }) =>
    Effect.flatMap(understood(asked), (choice) => {
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
    }),
  { hashed: true },
)
