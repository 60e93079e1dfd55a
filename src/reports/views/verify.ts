import type { Documents, VerifyRun } from "../../domain/documents.ts"
import type { PartStatus, Verdict } from "../../domain/verdict.ts"
import { undefinedText } from "../undefined-words.ts"
import type { Outcome, ReportFinding, Rule, RunView, Table, Tone } from "../view.ts"
import {
  deviationFact,
  deviationFinding,
  inconclusiveFinding,
  partFact,
  undefinedFinding,
  type Looked,
} from "./deviation.ts"
import { overall, type Drawn } from "./overall.ts"
import type { Notes } from "./notes.ts"

/** The view of verifications. */
export const verifyView = ({ runs }: Documents["verify"], notes: Notes): Drawn => {
  const against = [...new Set(runs.map(underOf))]
  return {
    title: against.length === 1 ? `Verification against ${against[0]}` : "Verification",
    ...overall(
      runs.map((run) => runView(run, notes)),
      { passed: "conform", failed: "deviate", unsure: "inconclusive" },
    ),
    tables: runs.length > 1 ? [overview(runs), partTable(runs)] : [],
    findings: [],
    rules: verifyRules,
  }
}

export const verifyRules: ReadonlyArray<Rule> = [
  { name: "deviates", meaning: "the trace is not what the semantics predicts", level: "error" },
  { name: "inconclusive", meaning: "the trace does not allow a verdict", level: "warning" },
  { name: "undefined", meaning: "the replay reaches what C does not define", level: "warning" },
]

export const outcomes: { readonly [V in Verdict]: readonly [Outcome, Tone] } = {
  conforms: ["passed", "good"],
  deviates: ["failed", "bad"],
  inconclusive: ["unsure", "unsure"],
}

/** The semantics that a trace was verified against, in words. */
export const underOf = ({ semantics, without }: VerifyRun): string =>
  without.length === 0 ? semantics : `${semantics} without ${without.join(", ")}`

/** One sentence: the verdict. */
export const verdictText = (run: VerifyRun): string => {
  switch (run.verdict) {
    case "conforms":
      return `conforms to ${underOf(run)}`
    case "deviates": {
      const part = run.first?.part ?? null
      const rule = part === null ? "" : `, by the rule of ${part}`
      return `deviates from ${underOf(run)} at row ${run.first!.row}${rule}`
    }
    case "inconclusive":
      return `inconclusive under ${underOf(run)}${run.reason === null ? "" : `: ${run.reason}`}`
  }
}

const overview = (runs: ReadonlyArray<VerifyRun>): Table => ({
  title: "traces",
  header: ["trace", "verdict", "rows", "deviations", "first at row"],
  rows: runs.map((run) => ({
    cells: [run.trace, run.verdict, `${run.rows}`, `${run.deviationCount}`, `${run.first?.row ?? ""}`],
    tone: outcomes[run.verdict][1],
  })),
  note: null,
})

/** What all traces together say of each part. */
const partTable = (runs: ReadonlyArray<VerifyRun>): Table => {
  const names = [...new Set(runs.flatMap(({ parts }) => Object.keys(parts)))]
  const count = (name: string, status: PartStatus): number =>
    runs.filter(({ parts }) => parts[name] === status).length
  return {
    title: "parts of the fix",
    header: ["part", "confirmed by", "contradicted by", "not exercised by"],
    rows: names.map((name) => {
      const counts = (["confirmed", "contradicted", "not exercised"] as const).map((one) => count(name, one))
      return {
        cells: [name, ...counts.map(String)],
        tone: counts[1]! > 0 ? "bad" : counts[0]! > 0 ? "good" : "neutral",
      }
    }),
    note: "how many traces say so",
  }
}

export const namesWith = ({ parts }: VerifyRun, status: PartStatus): ReadonlyArray<string> =>
  Object.keys(parts).filter((name) => parts[name] === status)

export const runView = (run: VerifyRun, notes: Notes): RunView => {
  const [outcome, tone] = outcomes[run.verdict]
  const looked: Looked = {
    trace: run.trace,
    under: underOf(run),
    isAfter: (part) => run.semantics.endsWith("post-fix") && !run.without.includes(part),
    deviationCount: run.deviationCount,
    command: run.command,
  }
  const findings: ReadonlyArray<ReportFinding> = [
    ...(run.first === null ? [] : [deviationFinding(run.first, looked, notes)]),
    ...(run.verdict === "inconclusive" ? [inconclusiveFinding(run.reason, looked)] : []),
    ...(run.undefined === null ? [] : [undefinedFinding(run.undefined, run.unjudgedRows, looked)]),
  ]
  return {
    trace: run.trace,
    rowCount: run.rows,
    outcome,
    tone,
    headline: verdictText(run),
    facts: [
      {
        label: "deviations",
        value: [`${run.deviationCount}`],
        tone: "neutral",
      },
      ...(run.first === null ? [] : [deviationFact(run.first)]),
      ...(run.undefined === null
        ? []
        : [
            {
              label: "undefined",
              value: [undefinedText(run.undefined, run.unjudgedRows)],
              tone: "unsure" as const,
            },
          ]),
      ...partFact("contradicted", namesWith(run, "contradicted"), "bad"),
      ...partFact("confirmed", namesWith(run, "confirmed"), "good"),
      ...partFact("not exercised", namesWith(run, "not exercised"), "neutral"),
    ],
    tables: [],
    findings,
    findingsLeftOut: 0,
    timeline: run.timeline ?? null,
    command: run.command,
  }
}
