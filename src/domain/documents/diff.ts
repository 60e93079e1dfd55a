import { Schema } from "effect"
import { entityKinds } from "../vocabulary.ts"
import { changeNames, endingNames, failKindNames, wakeClasses } from "../wait.ts"
import { Count, Row, TimeUs, words, record } from "./fields.ts"
import { timelineKey } from "./timeline.ts"

const EndingCounts = record(endingNames, Count)
const WaitCounts = Schema.Struct({
  from: EndingCounts,
  to: EndingCounts,
  changes: record(changeNames, Count),
})
const WakeCounts = Schema.Struct({
  total: Count,
  ...record(
    wakeClasses.map(({ name }) => name),
    Count,
  ).fields,
})

const ReplaySchema = Schema.Struct({
  inputRows: Count,
  inPlaceRows: Count,
  deferredRuns: Count,
  lostRuns: Count,
  phantomRuns: Count,
  mismatches: Count,
  firstDepartureRow: Schema.NullOr(Row).annotate({
    description: "from here on this replay rests on its rules",
  }),
})

const WaitSide = Schema.Struct({
  waiter: Schema.String.annotate({ description: "whom the semantics queued" }),
  ending: words(endingNames),
  endRow: Row,
  endTimeUs: TimeUs,
  wakes: Count,
  futileWakes: Count,
  buffersFreed: Count,
  offers: Count,
})
export type WaitSide = typeof WaitSide.Type

const Finding = Schema.Struct({
  kind: words([...changeNames, "herd"] as const),
  summary: Schema.String,
  requester: Schema.NullOr(Schema.String),
  requesterKind: Schema.NullOr(words(entityKinds.map(({ name }) => name))),
  appletName: Schema.NullOr(Schema.String),
  buffer: Schema.NullOr(Schema.String),
  beginRow: Row,
  beginTimeUs: TimeUs,
  from: Schema.NullOr(WaitSide),
  to: Schema.NullOr(WaitSide),
  command: Schema.String.annotate({ description: "shows this finding again" }),
})
export type Finding = typeof Finding.Type

export const DiffRun = Schema.Struct({
  trace: Schema.String,
  rows: Count,
  from: Schema.String,
  to: Schema.String,
  fidelity: Schema.Struct({ from: Schema.Finite, to: Schema.Finite }),
  replay: Schema.Struct({ from: ReplaySchema, to: ReplaySchema }),
  waits: WaitCounts,
  waitsByKind: record(
    entityKinds.map(({ name }) => name),
    WaitCounts,
  ),
  wakes: Schema.Struct({ from: WakeCounts, to: WakeCounts }),
  findings: Schema.Array(Finding),
  findingsLeftOut: Count,
  failOn: Schema.Array(words(failKindNames)).annotate({ description: "what --fail-on names" }),
  fails: Schema.Array(words(failKindNames)).annotate({ description: "which of these occur: exit code 1" }),
  command: Schema.String,
  ...timelineKey,
})
export type DiffRun = typeof DiffRun.Type
