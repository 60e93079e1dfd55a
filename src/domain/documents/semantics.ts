import { Schema } from "effect"

export const SemanticsRun = Schema.Struct({
  name: Schema.String,
  branch: Schema.String,
  fix: Schema.String,
  summary: Schema.String,
  source: Schema.String.annotate({ description: "the tags and commits of HAProxy that it was read from" }),
  parts: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      commit: Schema.String,
      places: Schema.Array(Schema.Struct({ file: Schema.String, function: Schema.String })),
      before: Schema.String,
      after: Schema.String,
      symptom: Schema.String.annotate({ description: "what it looks like when a backport misses this part" }),
      workload: Schema.String.annotate({ description: "what a recording must hold to exercise this part" }),
    }),
  ).annotate({ description: "the parts of the fix that its branch has" }),
})
export type SemanticsRun = typeof SemanticsRun.Type
