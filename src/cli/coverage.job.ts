import { covers } from "../analysis/coverage.ts"
import { traceJob } from "./trace-job.ts"

/** What `wakediff coverage` does with one trace; it asks nothing. */
export const coverageJob = traceJob("coverage", (batches, _asked: null) => covers(batches))
