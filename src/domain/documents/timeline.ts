import { Schema } from "effect"
import { entityKinds } from "../vocabulary.ts"
import { changeNames, endingNames, explainedKinds, wakeClasses } from "../wait.ts"
import { Count, record, Row, TimeUs, words } from "./fields.ts"

/**
 * What happened when, under one semantics or two: what the HTML report draws and Perfetto opens. Marks and curves are columns of
 * equal length, in the order of the replay. A timeline is bounded, whatever the trace's length; what was left out is counted.
 */

const Column = Schema.Array(Count)
const EntityColumn = Schema.Array(Schema.Int).annotate({
  description: "places in `entities`; -1 where there is none",
})

const ChainEvent = Schema.Struct({
  row: Row,
  timeUs: TimeUs,
  kind: words(explainedKinds),
  text: Schema.String,
  own: Schema.Boolean.annotate({ description: "about the requester, or whom the queue holds for it" }),
  count: Schema.optionalKey(Count).annotate({ description: "of a fold: how many like events it stands for" }),
  lastRow: Schema.optionalKey(Row).annotate({ description: "of a fold: the row of the last of them" }),
})
export type ChainEvent = typeof ChainEvent.Type

const LaneWait = Schema.Struct({
  number: Count.annotate({ description: "1 for the wait that begins first, as `explain --wait` counts" }),
  requester: Schema.String,
  requesterKind: words(entityKinds.map(({ name }) => name)),
  appletName: Schema.NullOr(Schema.String),
  buffer: Schema.String,
  waiter: Schema.String.annotate({ description: "whom the semantics queued" }),
  beginRow: Row,
  beginTimeUs: TimeUs,
  endRow: Row,
  endTimeUs: TimeUs,
  ending: words(endingNames),
  wakes: Count,
  futileWakes: Count,
  change: Schema.NullOr(words(changeNames)).annotate({
    description: "how it differs under the other semantics; null where there is one lane",
  }),
  other: Schema.NullOr(Count).annotate({
    description:
      "the place of the same wait in the other lane's `waits`; null: it has none, or it was left out",
  }),
  chain: Schema.NullOr(Schema.Array(ChainEvent)).annotate({
    description: "why it ended so, as `explain` tells it; null: not kept, the command tells it",
  }),
  command: Schema.String.annotate({ description: "explains this wait" }),
})
export type LaneWait = typeof LaneWait.Type

const Offers = Schema.Struct({
  row: Schema.Array(Row),
  timeUs: Schema.Array(TimeUs),
  by: EntityColumn.annotate({ description: "who released; places in `entities`, -1 where there is none" }),
  avail: Schema.Array(Schema.Int),
  threshold: Column,
  woken: Column,
  skipped: Column,
  queueLength: Column.annotate({ description: "after it" }),
  count: Column.annotate({
    description:
      "how many neighbouring offers the mark stands for: of these, the highest avail, and the sums of woken and skipped",
  }),
})

const Wakes = Schema.Struct({
  row: Schema.Array(Row),
  timeUs: Schema.Array(TimeUs),
  entity: EntityColumn,
  by: EntityColumn.annotate({
    description: "whose release offered; places in `entities`, -1 where that is not known",
  }),
  classes: Column.annotate({
    description: `bits, in this order: ${wakeClasses.map(({ name }) => name).join(", ")}`,
  }),
})

const Pool = Schema.Struct({
  row: Schema.Array(Row),
  timeUs: Schema.Array(TimeUs),
  used: Column,
  allocated: Column,
  queueLength: Column,
  stride: Count.annotate({
    description:
      "how many changes a point stands for, of which it has the highest values; 1: every change is there",
  }),
})

export const Lane = Schema.Struct({
  under: Schema.String.annotate({ description: "the semantics of this replay" }),
  fidelity: Schema.Finite,
  firstDepartureRow: Schema.NullOr(Row).annotate({
    description: "from here on this replay rests on its rules",
  }),
  waits: Schema.Array(LaneWait).annotate({ description: "by the row at which they begin" }),
  offers: Offers,
  wakes: Wakes,
  pool: Pool,
  leftOut: record(["waits", "offers", "wakes", "chains"], Count).annotate({
    description:
      "how many of each were not kept: of the waits, the worst are; of the wakes, the first; of the offers, those without a mark of their own",
  }),
})
export type Lane = typeof Lane.Type

export const Timeline = Schema.Struct({
  firstTimeUs: TimeUs,
  lastTimeUs: TimeUs,
  limit: Count.annotate({ description: "of the pool; 0: none" }),
  reserve: Count,
  entities: Schema.Array(Schema.String).annotate({ description: "the ids that the marks name" }),
  lanes: Schema.Array(Lane).annotate({ description: "one a semantics: one or two" }),
})
export type Timeline = typeof Timeline.Type

/** The key of a run that holds its timeline: there where a report was asked for that needs it. */
export const timelineKey = { timeline: Schema.optionalKey(Timeline) }
