import { Schema } from "effect"
import { Count, Row } from "./fields.ts"

export const CoverageItem = Schema.Struct({
  group: Schema.String,
  name: Schema.String,
  first: Schema.NullOr(Schema.Struct({ trace: Schema.String, row: Row })).annotate({
    description: "where it is exercised first; null: nowhere",
  }),
  traces: Count.annotate({ description: "how many traces exercise it" }),
  workload: Schema.String.annotate({ description: "what would reach it" }),
})
export type CoverageItem = typeof CoverageItem.Type

export const CoverageRun = Schema.Struct({
  trace: Schema.String,
  rows: Count,
  semantics: Schema.String.annotate({ description: "what the trace was taken for" }),
  firstDeviationRow: Schema.NullOr(Row).annotate({
    description: "where it is not that; later rows tell less",
  }),
})
export type CoverageRun = typeof CoverageRun.Type
