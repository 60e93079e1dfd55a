import { Schema } from "effect"
import { diagnosedVerdicts } from "../verdict.ts"
import { Count, Row, words, DeviationSchema, UndefinedSchema } from "./fields.ts"
import { timelineKey } from "./timeline.ts"

const Parts = Schema.Array(Schema.String)

const Explanation = Schema.Struct({
  base: Schema.String.annotate({ description: "a complete semantics" }),
  without: Parts.annotate({
    description: "the parts that are turned back in it, where it is a post-fix one",
  }),
  with: Parts.annotate({
    description: "the parts of the fix that are turned on in it, where it is a pre-fix one",
  }),
})

const FoundFields = {
  branch: Schema.String,
  verdict: words(diagnosedVerdicts),
  ...Explanation.fields,
  equivalent: Schema.Array(Parts).annotate({
    description:
      "every smallest set of parts to turn in the base that explains what was recorded; none where nothing does",
  }),
  alsoConforms: Schema.Array(Explanation).annotate({
    description: "the smallest explanations from the other end of the fix, where there are any",
  }),
  notExercised: Parts.annotate({
    description: "turned the other way, these leave the verdict as it is: nothing is said of them",
  }),
  hunks: Schema.Array(
    Schema.Struct({
      part: Schema.String,
      commit: Schema.String,
      places: Schema.Array(Schema.Struct({ file: Schema.String, function: Schema.String })),
    }),
  ).annotate({ description: "where the parts of `without`, or of its equivalents, live in HAProxy's tree" }),
  complete: Schema.Boolean.annotate({
    description:
      "no set of that size is missing from `equivalent`; where nothing explains it: no choice of parts at all does",
  }),
  searched: Schema.Int.annotate({
    description: "every set of up to so many parts has been tried, from both ends; -1: none",
  }),
}

export const DiagnoseRun = Schema.Struct({
  trace: Schema.String,
  rows: Count,
  ...FoundFields,
  reason: Schema.NullOr(Schema.String).annotate({ description: "why the verdict is inconclusive" }),
  deviationCount: Count.annotate({ description: "under what explains it best: 0 where something does" }),
  first: Schema.NullOr(DeviationSchema),
  undefined: Schema.NullOr(UndefinedSchema),
  unjudgedRows: Count.annotate({ description: "rows behind the undefined one" }),
  ends: Schema.Struct({ postFix: Schema.NullOr(Row), preFix: Schema.NullOr(Row) }).annotate({
    description: "the first row that each complete semantics does not explain",
  }),
  command: Schema.String.annotate({ description: "shows this run again" }),
  ...timelineKey,
})
export type DiagnoseRun = typeof DiagnoseRun.Type

/** What several traces, taken as recordings of one build, say together. */
export const DiagnoseTogether = Schema.Struct({
  traces: Count,
  ...FoundFields,
  unexplained: Schema.Array(Schema.String).annotate({
    description: "where nothing explains all of them: the traces that `base` does not explain",
  }),
})
export type DiagnoseTogether = typeof DiagnoseTogether.Type
