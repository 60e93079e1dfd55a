import { Schema } from "effect"
import { deviationKinds, diagnosedVerdicts, partStatuses, verdicts } from "./verdict.ts"
import { entityKinds } from "./vocabulary.ts"
import { changeNames, endingNames, explainedKinds, wakeClasses } from "./wait.ts"

/**
 * The documents that `--json` prints, and that every report renders: one plain value a command. JSON Schemas of them are
 * generated into schemas/ (scripts/schemas.ts), and the tests validate real output with those.
 *
 * Rows are `seq`s of the trace, lines count from 1, times are microseconds since the recording began. Texts that come
 * out of a trace (its name, its preamble, ids, applet names, and the sentences that quote them) are untrusted.
 */

const Count = Schema.Int.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(0)))
const Row = Count.annotate({ description: "the seq of a row of the trace" })
const TimeUs = Schema.Finite.annotate({ description: "microseconds since the recording began" })
const words = <const Names extends ReadonlyArray<string>>(names: Names) => Schema.Literals(names)

/** An object with a fixed key for each name, all of one kind of value. */
const record = <Name extends string, Value extends Schema.Top>(names: ReadonlyArray<Name>, value: Value) =>
  Schema.Struct(Object.fromEntries(names.map((name) => [name, value])) as { readonly [N in Name]: Value })

// verify

const DeviationSchema = Schema.Struct({
  row: Row,
  line: Count,
  timeUs: TimeUs,
  event: Schema.String,
  entity: Schema.String.annotate({ description: "empty where the row has none" }),
  kind: words(deviationKinds.map(({ name }) => name)),
  expected: Schema.String,
  recorded: Schema.String,
  part: Schema.NullOr(Schema.String).annotate({ description: "the part of the fix whose rule says so" }),
})

const UndefinedSchema = Schema.Struct({
  row: Row,
  kind: words(["type-confusion", "dangling-waiter"] as const),
  entity: Schema.String,
})

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
})
export type VerifyRun = typeof VerifyRun.Type

// diff

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
  command: Schema.String,
})
export type DiffRun = typeof DiffRun.Type

// check

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

// semantics

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

// coverage

const CoverageItem = Schema.Struct({
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

// sweep

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

// explain

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

// diagnose

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

/** A trace that could not be read, in the place of its run. */
export const Refusal = Schema.Struct({
  trace: Schema.String,
  error: Schema.String,
  line: Count,
  column: Count,
})
export type Refusal = typeof Refusal.Type

const document = <
  Kind extends string,
  Run extends Schema.Top,
  Fields extends Schema.Struct.Fields = Record<never, never>,
>(
  kind: Kind,
  run: Run,
  fields: Fields = {} as Fields,
) =>
  Schema.Struct({
    schema: Schema.Literal(`wakediff/${kind}/1`),
    runs: Schema.Array(run),
    ...fields,
    refused: Schema.Array(Refusal).annotate({ description: "traces that could not be read: exit code 3" }),
  })

/** Every document, by the command that prints it. */
export const documents = {
  verify: document("verify", VerifyRun),
  diff: document("diff", DiffRun),
  diagnose: document("diagnose", DiagnoseRun, {
    together: Schema.NullOr(DiagnoseTogether).annotate({
      description: "null for fewer than two traces that can be diagnosed, or for traces of two branches",
    }),
  }),
  check: document("check", CheckRun),
  semantics: document("semantics", SemanticsRun),
  coverage: document("coverage", CoverageRun, { items: Schema.Array(CoverageItem) }),
  sweep: document("sweep", SweepRun),
  explain: document("explain", ExplainRun),
} as const
export type DocumentKind = keyof typeof documents
