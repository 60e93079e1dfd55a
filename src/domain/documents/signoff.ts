import { Schema } from "effect"
import { partStatuses, verdicts } from "../verdict.ts"
import { DiffRun } from "./diff.ts"
import { Count, Row, words } from "./fields.ts"
import { timelineKey } from "./timeline.ts"
import { VerifyRun } from "./verify.ts"

const Claim = Schema.Struct({ key: Schema.String, value: Schema.String })

const Evidence = Schema.Struct({
  part: Schema.String,
  status: words(partStatuses),
  row: Schema.NullOr(Row).annotate({
    description: "of a confirmed part: where the trace departs from the semantics with that part turned",
  }),
  command: Schema.String.annotate({ description: "verifies the trace with that part turned the other way" }),
})

export const SignoffRun = Schema.Struct({
  trace: Schema.String,
  sha256: Schema.String.annotate({
    description: "hexadecimal; of the file's bytes as they lie there, of standard input: of what was read",
  }),
  rows: Count,
  tornLine: Schema.NullOr(Count).annotate({
    description: "the torn last line, which --allow-torn let drop: it is not judged",
  }),
  claims: Schema.Array(Claim).annotate({
    description: "what the preamble says of the recording; nobody has checked it",
  }),
  verify: VerifyRun,
  parts: Schema.Array(Evidence).annotate({ description: "in the order of the registry" }),
  diff: DiffRun.annotate({
    description: "what the fix is predicted to change for this workload, with the worst of the findings",
  }),
  ...timelineKey,
})
export type SignoffRun = typeof SignoffRun.Type

const Traces = Schema.Array(Schema.String)

const SignoffPart = Schema.Struct({
  part: Schema.String,
  commit: Schema.String,
  places: Schema.Array(Schema.Struct({ file: Schema.String, function: Schema.String })),
  confirmedBy: Traces,
  contradictedBy: Traces,
  notExercisedBy: Traces,
  workload: Schema.String.annotate({ description: "what a recording must hold to exercise it" }),
})
export type SignoffPart = typeof SignoffPart.Type

/** What all traces say together. */
export const SignoffTogether = Schema.Struct({
  verdict: words(verdicts).annotate({
    description: "conforms: every trace does, and none could not be read",
  }),
  counts: Schema.Struct({ conforms: Count, deviates: Count, inconclusive: Count, refused: Count }),
  parts: Schema.Array(SignoffPart).annotate({ description: "all parts of the fix that the branch has" }),
  doubts: Schema.Array(Schema.String).annotate({
    description: "what makes these traces weaker evidence than their number says; untrusted",
  }),
  command: Schema.String.annotate({ description: "signs these traces off again" }),
})
export type SignoffTogether = typeof SignoffTogether.Type

export const signoffFields = {
  version: Schema.String.annotate({ description: "of the tool" }),
  against: Schema.String,
  without: Schema.Array(Schema.String).annotate({ description: "parts that are turned back in it" }),
  together: SignoffTogether,
}
