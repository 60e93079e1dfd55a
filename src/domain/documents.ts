import { Schema } from "effect"
import { CheckRun } from "./documents/check.ts"
import { CiRun, ciFields } from "./documents/ci.ts"
import { CoverageItem, CoverageRun } from "./documents/coverage.ts"
import { DiagnoseRun, DiagnoseTogether } from "./documents/diagnose.ts"
import { DiffRun } from "./documents/diff.ts"
import { ExplainRun } from "./documents/explain.ts"
import { Refusal } from "./documents/fields.ts"
import { SemanticsRun } from "./documents/semantics.ts"
import { SignoffRun, signoffFields } from "./documents/signoff.ts"
import { SweepRun } from "./documents/sweep.ts"
import { VerifyRun } from "./documents/verify.ts"

export * from "./documents/check.ts"
export * from "./documents/ci.ts"
export * from "./documents/coverage.ts"
export * from "./documents/diagnose.ts"
export * from "./documents/diff.ts"
export * from "./documents/explain.ts"
export { Refusal } from "./documents/fields.ts"
export * from "./documents/semantics.ts"
export * from "./documents/signoff.ts"
export * from "./documents/sweep.ts"
export * from "./documents/timeline.ts"
export * from "./documents/verify.ts"

/**
 * The documents that `--json` prints, and that every report renders: one plain value a command, a file each in documents/. JSON Schemas of them are
 * generated into schemas/ (scripts/schemas.ts), and the tests validate real output with those.
 *
 * Rows are `seq`s of the trace, lines count from 1, times are microseconds since the recording began. Texts that come
 * out of a trace (its name, its preamble, ids, applet names, and the sentences that quote them) are untrusted.
 */

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
  ci: document("ci", CiRun, ciFields),
  signoff: document("signoff", SignoffRun, signoffFields),
} as const
export type DocumentKind = keyof typeof documents

/** The documents as values, by the command that prints them. */
export type Documents = { readonly [K in DocumentKind]: (typeof documents)[K]["Type"] }
