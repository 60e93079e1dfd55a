import type { Baseline } from "../../domain/documents.ts"
import type { ReportView } from "../view.ts"
import { diagnoseView } from "./diagnose.ts"
import { diffView } from "./diff.ts"
import type { Notes } from "./notes.ts"
import type { Drawn } from "./overall.ts"
import { verifyView } from "./verify.ts"

/** How many findings the page of a baseline tells of. */
const toldFindings = 20

/** The page of a baseline: the verdict, and below it what the diff says. It tells nothing that may change while the outcomes stay. */
export const baselineView = (baseline: Baseline, notes: Notes): ReportView => {
  const verdict = verdictOf(baseline, notes)
  const difference = diffView({ schema: "wakediff/diff/1", runs: [baseline.diff], refused: [] })
  const [first, second] = [verdict.runs[0]!, difference.runs[0]!]
  const findings = [...first.findings, ...second.findings]
  const told = findings.slice(0, toldFindings)
  return {
    // No version: the page stays as it is when the tool gets another one. "Written by wakediff ci", it says at its end.
    version: "ci",
    command: "ci",
    title: baseline.trace,
    headline: first.headline,
    tone: first.tone,
    facts: [],
    tables: [],
    // Those of a diagnosis of one trace are its run's.
    findings: [],
    runs: [
      {
        ...second,
        outcome: first.outcome,
        tone: first.tone,
        headline: `${first.headline}; ${second.headline}`,
        facts: [...first.facts, ...second.facts],
        findings: told,
        findingsLeftOut: second.findingsLeftOut + findings.length - told.length,
      },
    ],
    refused: [],
    rules: [...verdict.rules, ...difference.rules],
    document: baseline,
  }
}

const verdictOf = ({ verify, diagnose }: Baseline, notes: Notes): Drawn =>
  verify === null
    ? diagnoseView({ schema: "wakediff/diagnose/1", runs: [diagnose!], together: null, refused: [] }, notes)
    : verifyView({ schema: "wakediff/verify/1", runs: [verify], refused: [] }, notes)
