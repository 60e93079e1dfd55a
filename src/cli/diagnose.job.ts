import { Effect } from "effect"
import { diagnose, type Diagnosis } from "../analysis/diagnose/diagnose.ts"
import { diagnoseRun } from "../analysis/diagnose/run.ts"
import { recordedAfter } from "../analysis/timeline/recorded.ts"
import type { Branch } from "../semantics/part.ts"
import { traceJob } from "./trace-job.ts"

/** What `wakediff diagnose` does with one trace: it asks for a branch; null: what the trace says of itself. */
export const diagnoseJob = traceJob(
  "diagnose",
  (batches, branch: Branch | null, { again, explaining, needTimeline }) => {
    const words = branch === null ? [] : ["--branch", branch]
    const analyse = (rows: typeof batches) => diagnose(rows, branch ?? undefined)
    if (!needTimeline)
      return Effect.map(analyse(batches), (found) => ({
        ...keptOf(found),
        run: diagnoseRun(found, again(words)),
      }))
    return Effect.map(recordedAfter(batches, { choices, explaining }, analyse), ({ found, timeline }) => ({
      ...keptOf(found),
      run: { ...diagnoseRun(found, again(words)), timeline },
    }))
  },
)

const choices = ({ best }: Diagnosis) => [best.choice] as const

/** What diagnosing several traces together goes on from: what has been tried on this one, and its rows. */
const keptOf = ({ tries, ...diagnosis }: Diagnosis) => ({ diagnosis, tries: tries?.packed() })
