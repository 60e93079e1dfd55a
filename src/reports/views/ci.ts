import type { CiChange, CiRun, documents } from "../../domain/documents.ts"
import { failKinds } from "../../domain/wait.ts"
import { changeText, ciVerdict, ciWord, otherFailures } from "../ci-words.ts"
import { counted } from "../layout.ts"
import type { ReportFinding, Rule, RunView, Tone } from "../view.ts"
import { diffView } from "./diff.ts"
import type { Notes } from "./notes.ts"
import { overall, type Drawn } from "./overall.ts"
import { verifyView } from "./verify.ts"

type CiDocument = typeof documents.ci.Type

/** The view of a comparison with baselines: what differs fails, and so does what the configuration does not allow. */
export const ciView = (document: CiDocument, notes: Notes): Drawn => {
  const { runs, shard, obsolete } = document
  const drawn = overall(
    runs.map((run) => runView(run, notes)),
    { passed: "as accepted", failed: "not", unsure: "unsure" },
  )
  const findings = [...obsolete.map(obsoleteFinding), ...indexFindings(document)]
  const share = shard === null ? "" : `, shard ${shard.index} of ${shard.count}`
  return {
    title: `Traces against their baselines${share}`,
    ...drawn,
    ...(findings.length === 0
      ? {}
      : {
          headline: `${drawn.headline}; ${counted(obsolete.length, "obsolete baseline")}`,
          tone: "bad" as const,
        }),
    facts: [
      { label: "baselines", value: [document.baseline], tone: "neutral" },
      {
        label: "corpus",
        value: [`${counted(document.traces, "trace")}, ${document.corpus}`],
        tone: "neutral",
      },
      { label: "settings", value: [document.settings], tone: "neutral" },
    ],
    tables: runs.length > 1 ? [overview(runs)] : [],
    findings,
    rules,
  }
}

const rules: ReadonlyArray<Rule> = [
  { name: "baseline-changed", meaning: "the outcomes are not those of the baseline", level: "error" },
  { name: "baseline-missing", meaning: "the trace has no baseline", level: "error" },
  { name: "baseline-obsolete", meaning: "a baseline belongs to no trace", level: "error" },
  { name: "baseline-list", meaning: "the list of the baselines is not as they are", level: "error" },
  { name: "deviates", meaning: "the trace is not what the configured semantics predicts", level: "error" },
  ...failKinds.map(({ name, meaning }) => ({ name, meaning, level: "error" as const })),
]

const toneOf = (run: CiRun): Tone =>
  run.fails.length > 0 ? "bad" : run.status === "same" ? "good" : "neutral"

const overview = (runs: ReadonlyArray<CiRun>) => ({
  title: "traces",
  header: ["trace", "baseline", "verdict", "changes"],
  rows: runs.map((run) => ({
    cells: [run.trace, ciWord(run), ciVerdict(run), `${run.changes.length + run.changesLeftOut}`],
    tone: toneOf(run),
  })),
  note: null,
})

const runView = (run: CiRun, notes: Notes): RunView => {
  const difference = diffView({ schema: "wakediff/diff/1", runs: [run.diff], refused: [] }).runs[0]!
  const failures = otherFailures(run)
  return {
    trace: run.trace,
    rowCount: run.rows,
    outcome: run.fails.length > 0 ? "failed" : "passed",
    tone: toneOf(run),
    headline: headlineOf(run),
    facts: [
      { label: "verdict", value: [ciVerdict(run)], tone: run.fails.includes("deviates") ? "bad" : "neutral" },
      ...(failures.length === 0 ? [] : [{ label: "fails", value: failures, tone: "bad" as const }]),
    ],
    tables: difference.tables,
    findings: [
      ...(run.status === "missing" && !run.written ? [missingFinding(run)] : []),
      ...run.changes.map((change) => changeFinding(change, run)),
      ...deviations(run, notes),
      ...difference.findings.filter(({ level }) => level === "error"),
    ],
    findingsLeftOut: run.changesLeftOut,
    timeline: null,
    command: (run.verify ?? run.diagnose)!.command,
  }
}

const headlineOf = (run: CiRun): string => {
  const verdict = ciVerdict(run)
  const total = run.changes.length + run.changesLeftOut
  const failures = otherFailures(run)
  const fails = failures.length === 0 ? "" : `; fails: ${failures.join(", ")}`
  switch (run.status) {
    case "same":
      return `as accepted: ${verdict}${fails}`
    case "missing":
      return `${run.written ? "accepted now" : "no baseline"}: ${verdict}${fails}`
    case "changed":
      return `${counted(total, "change")}${run.written ? ", accepted now" : ""}: ${changeText(run.changes[0]!)}${fails}`
  }
}

const deviations = (run: CiRun, notes: Notes): ReadonlyArray<ReportFinding> =>
  run.verify === null
    ? []
    : verifyView(
        { schema: "wakediff/verify/1", runs: [run.verify], refused: [] },
        notes,
      ).runs[0]!.findings.filter(({ level }) => level === "error")

const changeFinding = (change: CiChange, run: CiRun): ReportFinding => ({
  level: run.written ? "note" : "error",
  rule: "baseline-changed",
  title: changeText(change),
  details: [],
  trace: run.trace,
  row: change.row,
  line: null,
  timeUs: null,
  entity: change.entity,
  commands: [commandOf(change, run)],
  // A row is not what makes it the same change.
  identity: ["baseline-changed", run.name, change.kind, change.subject.replace(/ \(row \d+\)/, "")],
})

/** The command that shows what the change is about. */
const commandOf = ({ kind, entity }: CiChange, run: CiRun): string => {
  if (kind === "verdict" || kind === "part") return (run.verify ?? run.diagnose)!.command
  const own = kind === "wait" ? run.diff.findings.find(({ requester }) => requester === entity) : undefined
  return own?.command ?? run.diff.command
}

const missingFinding = (run: CiRun): ReportFinding => ({
  ...wholeFinding("baseline-missing", `${run.name} has no baseline`, run.name),
  trace: run.trace,
})

const obsoleteFinding = (name: string): ReportFinding =>
  wholeFinding("baseline-obsolete", `the baseline ${name} belongs to no trace`, name)

const indexFindings = ({ index }: CiDocument): ReadonlyArray<ReportFinding> =>
  index === "changed" || index === "missing"
    ? [wholeFinding("baseline-list", `the list of the baselines, README.md, is ${index}`, "README.md")]
    : []

/** A finding about a baseline as a whole. */
const wholeFinding = (rule: string, title: string, name: string): ReportFinding => ({
  level: "error",
  rule,
  title,
  details: [],
  trace: null,
  row: null,
  line: null,
  timeUs: null,
  entity: null,
  commands: [],
  identity: [rule, name],
})
