import { Schema } from "effect"
import { entityKinds } from "../vocabulary.ts"
import { Count, TimeUs, record } from "./fields.ts"

export const CheckRun = Schema.Struct({
  trace: Schema.String,
  format: Schema.String,
  rows: Count,
  preamble: Schema.Record(Schema.String, Schema.String),
  firstTimeUs: Schema.NullOr(TimeUs),
  lastTimeUs: Schema.NullOr(TimeUs),
  backwardsUs: TimeUs.annotate({ description: "how far time goes back at most: the clock's jitter" }),
  entities: record(
    entityKinds.map(({ name }) => name),
    Count,
  ),
  applets: Schema.Record(Schema.String, Count),
  events: Schema.Record(Schema.String, Count),
  sites: Schema.Record(Schema.String, Count),
  outcomeRows: Count,
  tornLine: Schema.NullOr(Count).annotate({ description: "the torn last line that was dropped" }),
})
export type CheckRun = typeof CheckRun.Type
