import type { DiagnoseRun, DiagnoseTogether } from "../../domain/documents.ts"
import { partNamed, type PartName } from "../../semantics/registry.ts"
import type { Diagnosis, Finding } from "./diagnose.ts"
import type { JointDiagnosis } from "./together.ts"
import type { Explanation } from "./explanations.ts"

/** A diagnosis as `--json` prints it and every report renders it. `command` shows the run again. */
export const diagnoseRun = (diagnosis: Diagnosis, command: string): DiagnoseRun => ({
  trace: diagnosis.trace,
  rows: diagnosis.rowCount,
  ...finding(diagnosis),
  reason: diagnosis.reason,
  deviationCount: diagnosis.deviationCount,
  first: diagnosis.first,
  undefined: diagnosis.undefined,
  unjudgedRows: diagnosis.unjudgedRowCount,
  ends: { postFix: diagnosis.ends["post-fix"], preFix: diagnosis.ends["pre-fix"] },
  command,
})

export const diagnoseTogetherRun = (diagnosis: JointDiagnosis): DiagnoseTogether => ({
  traces: diagnosis.traceCount,
  ...finding(diagnosis),
  unexplained: diagnosis.unexplained,
})

const finding = (found: Finding) => {
  const missing = new Set([found.best, ...found.equivalent].flatMap((one) => said(one).without))
  return {
    branch: found.branch,
    verdict: found.verdict,
    ...said(found.best),
    equivalent: found.equivalent.map(({ turned }) => turned),
    alsoConforms: found.alsoConforms.map(said),
    notExercised: found.notExercised,
    hunks: [...missing].flatMap((name) => {
      const part = partNamed(name)
      return part === undefined ? [] : [{ part: part.name, commit: part.commit, places: part.places }]
    }),
    complete: found.complete,
    searched: found.searched,
  }
}

/** An explanation in words. */
const said = ({ base, fix, turned }: Explanation) => {
  const none: ReadonlyArray<PartName> = []
  return { base, without: fix === "post-fix" ? turned : none, with: fix === "pre-fix" ? turned : none }
}
