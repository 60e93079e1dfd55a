import { Schema } from "effect"
import { deviationKinds, partStatuses, verdicts } from "./verdict.ts"
import { entityKinds } from "./vocabulary.ts"
import { changeNames, endingNames, wakeClasses } from "./wait.ts"

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
    }),
  ).annotate({ description: "the parts of the fix that its branch has" }),
})
export type SemanticsRun = typeof SemanticsRun.Type

/** A trace that could not be read, in the place of its run. */
export const Refusal = Schema.Struct({
  trace: Schema.String,
  error: Schema.String,
  line: Count,
  column: Count,
})
export type Refusal = typeof Refusal.Type

const document = <Kind extends string, Run extends Schema.Top>(kind: Kind, run: Run) =>
  Schema.Struct({
    schema: Schema.Literal(`wakediff/${kind}/1`),
    runs: Schema.Array(run),
    refused: Schema.Array(Refusal).annotate({ description: "traces that could not be read: exit code 3" }),
  })

/** Every document, by the command that prints it. */
export const documents = {
  verify: document("verify", VerifyRun),
  diff: document("diff", DiffRun),
  check: document("check", CheckRun),
  semantics: document("semantics", SemanticsRun),
} as const
export type DocumentKind = keyof typeof documents
