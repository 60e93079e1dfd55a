import { Schema } from "effect"
import { entityKinds } from "../vocabulary.ts"
import { endingNames, explainedKinds } from "../wait.ts"
import { Count, Row, TimeUs, words } from "./fields.ts"

const Moment = { row: Row, timeUs: TimeUs, text: Schema.String }

const ExplainEvent = Schema.Struct({
  ...Moment,
  kind: words(explainedKinds),
  entity: Schema.String.annotate({ description: "whose doing it is; empty where it is nobody's" }),
  recordedRow: Schema.optionalKey(Schema.NullOr(Row)).annotate({
    description: "the row that holds it, where that is another one; null: the trace has no such row",
  }),
  site: Schema.optionalKey(Schema.String),
  result: Schema.optionalKey(Schema.String),
  buffer: Schema.optionalKey(Schema.String),
  margin: Schema.optionalKey(Count),
  allocated: Schema.optionalKey(Count),
  used: Schema.optionalKey(Count).annotate({ description: "before it, as is allocated" }),
  usedAfter: Schema.optionalKey(Count),
  limit: Schema.optionalKey(Count),
  waiter: Schema.optionalKey(Schema.String).annotate({ description: "whom the semantics has queued" }),
  position: Schema.optionalKey(Count).annotate({
    description: "the waiter's place in the queue, 1 for the head",
  }),
  queueLength: Schema.optionalKey(Count),
  freed: Schema.optionalKey(Schema.Array(Schema.String)),
  avail: Schema.optionalKey(Schema.Int),
  threshold: Schema.optionalKey(Count),
  readyTasks: Schema.optionalKey(Count),
  activeApplets: Schema.optionalKey(Count),
  unsigned: Schema.optionalKey(Schema.Boolean).annotate({
    description: "how avail and threshold are compared",
  }),
  woken: Schema.optionalKey(Schema.Array(Schema.String)),
  skipped: Schema.optionalKey(Schema.Array(Schema.Struct({ entity: Schema.String, reason: Schema.String }))),
  budgetLeft: Schema.optionalKey(Schema.Int).annotate({
    description: "by how much avail exceeds what it is compared with, in the end; as signed numbers",
  }),
  ended: Schema.optionalKey(words(["budget", "queue", "undefined"] as const)).annotate({
    description: "what ended the offer's walk",
  }),
  count: Schema.optionalKey(Count).annotate({ description: "of a fold: how many like events it stands for" }),
  first: Schema.optionalKey(Schema.Struct(Moment)),
  last: Schema.optionalKey(Schema.Struct(Moment)),
})
export type ExplainEvent = typeof ExplainEvent.Type

const ExplainedWait = Schema.Struct({
  requester: Schema.String,
  kind: words(entityKinds.map(({ name }) => name)),
  appletName: Schema.NullOr(Schema.String),
  buffer: Schema.String,
  waiter: Schema.String.annotate({ description: "whom the semantics queued" }),
  beginRow: Row,
  beginTimeUs: TimeUs,
  endRow: Row,
  endTimeUs: TimeUs,
  ending: words(endingNames),
  wakeCount: Count,
  futileWakeCount: Count,
  freedCount: Count,
  offerCount: Count,
  invented: Schema.Boolean.annotate({ description: "the trace does not hold the first attempt" }),
})

const ExplainedSide = {
  under: Schema.String,
  fidelity: Schema.Finite,
  firstDepartureRow: Schema.NullOr(Row).annotate({
    description: "from here on this replay rests on its rules",
  }),
  waitCount: Count.annotate({ description: "how many waits this replay has" }),
}

export const ExplainRun = Schema.Struct({
  trace: Schema.String,
  rows: Count,
  ...ExplainedSide,
  reason: Schema.NullOr(Schema.String).annotate({
    description: "why this semantics was taken; null: it was asked for",
  }),
  wait: ExplainedWait,
  number: Count.annotate({ description: "1 for the wait that begins first" }),
  others: Schema.Array(Count).annotate({ description: "the numbers of this requester's other waits" }),
  events: Schema.Array(ExplainEvent),
  beside: Schema.NullOr(
    Schema.Struct({
      ...ExplainedSide,
      wait: Schema.NullOr(ExplainedWait).annotate({ description: "null: there is no such wait here" }),
      number: Schema.NullOr(Count),
      others: Schema.Array(Count).annotate({
        description: "the numbers of the requester's other waits here",
      }),
      events: Schema.Array(ExplainEvent),
    }),
  ),
  partWays: Schema.NullOr(
    Schema.Struct({
      ...Moment,
      part: Schema.NullOr(Schema.String).annotate({
        description:
          "the part of the fix whose rule it is; null where that cannot be told, or where there are several",
      }),
      parts: Schema.Array(Schema.String).annotate({ description: "every part whose rule it may be" }),
    }),
  ),
  command: Schema.String,
})
export type ExplainRun = typeof ExplainRun.Type
