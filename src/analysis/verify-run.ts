import type { VerifyRun } from "../domain/documents.ts"
import type { Verification } from "./verify.ts"

/** A verification as `--json` prints it and every report renders it. `command` shows the run again. */
export const verifyRun = (verification: Verification, command: string): VerifyRun => ({
  trace: verification.trace,
  rows: verification.rowCount,
  semantics: verification.choice.semantics.name,
  without: verification.choice.without,
  verdict: verification.verdict,
  reason: verification.reason,
  deviationCount: verification.deviationCount,
  first: verification.first,
  undefined: verification.undefined,
  unjudgedRows: verification.unjudgedRowCount,
  parts: verification.parts,
  command,
})
