import { Schema } from "effect"
import { Count, Row, words } from "./fields.ts"
import { DiagnoseRun } from "./diagnose.ts"
import { DiffRun } from "./diff.ts"
import { VerifyRun } from "./verify.ts"
import { failKindNames } from "../wait.ts"

/** How the outcomes of a trace stand to its baseline. */
export const ciStatuses = ["same", "changed", "missing"] as const
export type CiStatus = (typeof ciStatuses)[number]

/** What a change is a change of; gravest first, which is the order in which changes are told. */
export const ciChangeKinds = [
  { name: "trace", meaning: "the trace itself" },
  { name: "question", meaning: "what the configuration asks of it" },
  { name: "verdict", meaning: "the verdict" },
  { name: "part", meaning: "what the trace says of a part of the fix" },
  { name: "waits", meaning: "how many waits end in a way" },
  { name: "wait", meaning: "how one wait ends" },
  { name: "wakes", meaning: "how many wakes are of a class" },
  { name: "replay", meaning: "how far a replay rests on its rules" },
  { name: "page", meaning: "the page that belongs to the baseline" },
  { name: "other", meaning: "anything else of the document" },
] as const
export type CiChangeKind = (typeof ciChangeKinds)[number]["name"]

export const ciDirections = ["worse", "other", "better"] as const

const CiChange = Schema.Struct({
  kind: words(ciChangeKinds.map(({ name }) => name)),
  direction: words(ciDirections),
  subject: Schema.String.annotate({ description: "what has changed; untrusted, as are the other texts" }),
  before: Schema.String,
  after: Schema.String,
  row: Schema.NullOr(Row),
  entity: Schema.NullOr(Schema.String),
})
export type CiChange = typeof CiChange.Type

/** Why a run fails: its baseline, a configured semantics that it deviates from, or a kind that `failOn` names. */
export const ciFailures = ["baseline-changed", "baseline-missing", "deviates", ...failKindNames] as const

const Sha256 = Schema.String.annotate({ description: "of the file's bytes, hexadecimal" })

const outcomes = {
  sha256: Sha256,
  rows: Count,
  verify: Schema.NullOr(VerifyRun).annotate({
    description: "under the semantics that the configuration names; null where it names none",
  }),
  diagnose: Schema.NullOr(DiagnoseRun).annotate({
    description: "null where the configuration names a semantics",
  }),
  diff: DiffRun,
}

export const CiRun = Schema.Struct({
  trace: Schema.String.annotate({ description: "its path from the folder that holds the baselines' folder" }),
  name: Schema.String.annotate({
    description: "the baseline's: the path below the corpus, without its ending",
  }),
  status: words(ciStatuses),
  written: Schema.Boolean.annotate({
    description: "the baseline has been written, and is these outcomes now",
  }),
  fails: Schema.Array(words(ciFailures)).annotate({ description: "why the run fails: exit code 1" }),
  changes: Schema.Array(CiChange),
  changesLeftOut: Count,
  ...outcomes,
})
export type CiRun = typeof CiRun.Type

/** What a trace gave when it was accepted: the file NAME.json in the baselines' folder. */
export const Baseline = Schema.Struct({
  schema: Schema.Literal("wakediff/baseline/1"),
  trace: Schema.String,
  ...outcomes,
})
export type Baseline = typeof Baseline.Type

/** What a trace gives, and a baseline holds. */
export type CiOutcomes = Omit<Baseline, "schema" | "trace">

export const ciFields = {
  version: Schema.String.annotate({ description: "of the tool" }),
  baseline: Schema.String.annotate({ description: "the baselines' folder" }),
  shard: Schema.NullOr(Schema.Struct({ index: Count, count: Count })).annotate({
    description: "which share of the corpus this is; null: all of it",
  }),
  corpus: Schema.String.annotate({
    description: "a hash over the names and contents of all traces of the corpus, whatever the share",
  }),
  settings: Schema.String.annotate({
    description: "a hash over what decides the outcomes beside the traces",
  }),
  traces: Count.annotate({ description: "of the whole corpus" }),
  obsolete: Schema.Array(Schema.String).annotate({
    description: "the names of baselines that belong to no trace: exit code 1",
  }),
  removed: Schema.Array(Schema.String).annotate({ description: "obsolete baselines that were removed" }),
  index: words(["same", "changed", "missing", "written", "not looked at"]).annotate({
    description: "the baselines' README.md; in one shard only",
  }),
}
