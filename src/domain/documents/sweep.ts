import { Schema } from "effect"
import { Count } from "./fields.ts"

const SweepCell = Schema.Struct({
  limit: Count,
  reserve: Count,
  semantics: Schema.String,
  fidelity: Schema.Finite,
  waits: Count,
  starved: Count,
  undefined: Count,
  pending: Count,
  wakes: Count,
  futile: Count,
  herd: Count,
})
export type SweepCell = typeof SweepCell.Type

export const SweepRun = Schema.Struct({
  trace: Schema.String,
  rows: Count,
  recorded: Schema.Struct({ limit: Count, reserve: Count }).annotate({
    description: "the pool's settings when the trace was recorded",
  }),
  cells: Schema.Array(SweepCell),
  thresholds: Schema.Array(
    Schema.Struct({
      semantics: Schema.String,
      reserve: Count,
      withoutWaits: Schema.NullOr(Count).annotate({
        description: "the smallest limit from which on nobody waits",
      }),
      withoutStarvation: Schema.NullOr(Count).annotate({
        description: "the smallest limit from which on no wait starves or ends undefined",
      }),
      withoutHerd: Schema.NullOr(Count).annotate({
        description: "the smallest limit from which on there is no herd",
      }),
    }),
  ),
  command: Schema.String,
})
export type SweepRun = typeof SweepRun.Type
