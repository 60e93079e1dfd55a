/** The jobs that can be done beside the main thread: one line each, plain data in and out. */
import { Effect } from "effect"
import { BadTrace } from "../../domain/errors.ts"
import type { ReadProgress } from "../../domain/progress.ts"

type Job<Payload, Result> = (payload: Payload, progress: ReadProgress) => Effect.Effect<Result, BadTrace>

const jobs = {
  check: () => import("../check.job.ts").then(({ checkJob }) => checkJob),
  ci: () => import("../ci/job.ts").then(({ ciJob }) => ciJob),
  coverage: () => import("../coverage.job.ts").then(({ coverageJob }) => coverageJob),
  diagnose: () => import("../diagnose.job.ts").then(({ diagnoseJob }) => diagnoseJob),
  diff: () => import("../diff.job.ts").then(({ diffJob }) => diffJob),
  signoff: () => import("../signoff.job.ts").then(({ signoffJob }) => signoffJob),
  sweep: () => import("../sweep.job.ts").then(({ sweepJob }) => sweepJob),
  verify: () => import("../verify.job.ts").then(({ verifyJob }) => verifyJob),
}

type Jobs = { readonly [K in keyof typeof jobs]: Awaited<ReturnType<(typeof jobs)[K]>> }
export type JobKind = keyof Jobs
export type PayloadOf<Kind extends JobKind> = Parameters<Jobs[Kind]>[0]
export type ResultOf<Kind extends JobKind> =
  ReturnType<Jobs[Kind]> extends Effect.Effect<infer Result, BadTrace> ? Result : never

/** Does a job in this thread. What the job reads is noted in `progress`. */
export const runJob = <Kind extends JobKind>(
  kind: Kind,
  payload: PayloadOf<Kind>,
  progress: ReadProgress,
): Effect.Effect<ResultOf<Kind>, BadTrace> =>
  Effect.flatMap(Effect.promise(jobs[kind] as () => Promise<Job<PayloadOf<Kind>, ResultOf<Kind>>>), (job) =>
    job(payload, progress),
  )

/** What the main thread asks of a worker. */
export interface Request {
  readonly kind: JobKind
  readonly payload: PayloadOf<JobKind>
}

/** What a worker says: how many rows more it has read, or how the job ended. */
export type Message =
  | { readonly _tag: "Rows"; readonly rowCount: number }
  | { readonly _tag: "Done"; readonly result: unknown }
  | { readonly _tag: "Refused"; readonly facts: BadTraceFacts }
  | { readonly _tag: "Crashed"; readonly report: string }

type BadTraceFacts = ConstructorParameters<typeof BadTrace>[0]

/** What is left of an error when it has crossed from one thread to another, and the error again. */
export const factsOf = ({ trace, line, column, cell, expected, found, advice }: BadTrace): BadTraceFacts => ({
  trace,
  line,
  column,
  cell,
  expected,
  found,
  advice,
})
export const refusal = (facts: BadTraceFacts): BadTrace => new BadTrace(facts)
