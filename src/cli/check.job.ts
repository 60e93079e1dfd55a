import { check } from "../analysis/check.ts"
import { traceJob } from "./trace-job.ts"

/** What `wakediff check` does with one trace; it asks nothing. */
export const checkJob = traceJob(
  "check",
  (batches, _asked: null, { format, tornLine }) => check(batches, { format, tornLine }),
  { keepsNoBatch: true },
)
