import { Schema } from "effect"
import { partStatuses, verdicts } from "../verdict.ts"
import { Count, words, DeviationSchema, UndefinedSchema } from "./fields.ts"
import { timelineKey } from "./timeline.ts"

export const VerifyRun = Schema.Struct({
  trace: Schema.String,
  rows: Count,
  semantics: Schema.String,
  without: Schema.Array(Schema.String),
  verdict: words(verdicts),
  reason: Schema.NullOr(Schema.String).annotate({ description: "why the verdict is inconclusive" }),
  deviationCount: Count,
  first: Schema.NullOr(DeviationSchema),
  undefined: Schema.NullOr(UndefinedSchema),
  unjudgedRows: Count.annotate({ description: "rows after the undefined one" }),
  parts: Schema.Record(Schema.String, words(partStatuses)),
  command: Schema.String.annotate({ description: "shows this run again" }),
  ...timelineKey,
})
export type VerifyRun = typeof VerifyRun.Type
