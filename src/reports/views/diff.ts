import type { Documents, DiffRun, Finding } from "../../domain/documents.ts"
import { failKinds, type FailKind } from "../../domain/wait.ts"
import {
  badEndings,
  diffHeadline,
  explaining,
  lostCount,
  replayWords,
  sideText,
  subject,
  total,
  waitTable,
  wakeTable,
} from "../diff-words.ts"
import { counted, share } from "../layout.ts"
import type { Level, ReportFinding, Rule, RunView, Table, Tone } from "../view.ts"
import { overall, type Drawn } from "./overall.ts"

/** The view of a diff. A finding is an error where `--fail-on` names its kind; else the graver ones are warnings. */
export const diffView = ({ runs }: Documents["diff"]): Drawn => ({
  title: titleOf(runs),
  ...together(runs),
  tables: runs.length > 1 ? [overview(runs)] : [],
  findings: [],
  rules,
})

const together = (runs: ReadonlyArray<DiffRun>) => {
  const all = overall(runs.map(runView), { passed: "differ", failed: "fail", unsure: "unsure" })
  return runs.length < 2 ? all : { ...all, headline: headlineOfAll(runs) }
}

/** What a manager wants to know of several traces: does it fail, and does anybody starve. */
const headlineOfAll = (runs: ReadonlyArray<DiffRun>): string => {
  const sum = (side: "from" | "to") => runs.reduce((count, { waits }) => count + lostCount(waits[side]), 0)
  const [before, after] = [sum("from"), sum("to")]
  const failing = runs.filter(({ fails }) => fails.length > 0).length
  const fails = failing === 0 ? "" : `, ${failing} of which ${failing === 1 ? "fails" : "fail"}`
  return `${counted(runs.length, "trace")}${fails}: ${lostText(before, after)}`
}

const lostText = (before: number, after: number): string => {
  if (after > 0) {
    return `${counted(after, "wait starves or ends", "waits starve or end")} undefined under the second semantics, ${before} under the first`
  }
  return before === 0
    ? "nobody starves"
    : `nobody starves any more, where ${counted(before, "wait does or ends", "waits do or end")} undefined under the first semantics`
}

const rules: ReadonlyArray<Rule> = failKinds.map(({ name, meaning }) => ({
  name,
  meaning,
  level: levelOfKind(name),
}))

function levelOfKind(kind: FailKind): Level {
  return kind === "regressed" || kind === "starved" || kind === "undefined" || kind === "herd"
    ? "warning"
    : "note"
}

const titleOf = (runs: ReadonlyArray<DiffRun>): string => {
  const pairs = new Set(runs.map(({ from, to }) => `${from} and ${to}`))
  const [only] = pairs
  return pairs.size === 1 ? `Who waits under ${only}` : "What the fix changes"
}

const overview = (runs: ReadonlyArray<DiffRun>): Table => ({
  title: "traces",
  header: ["trace", "fidelity", "waits", "starved or undefined", "wakes", "herd"],
  rows: runs.map((run) => ({
    cells: [
      run.trace,
      both(share(run.fidelity.from), share(run.fidelity.to)),
      both(total(run.waits.from), total(run.waits.to)),
      both(lostCount(run.waits.from), lostCount(run.waits.to)),
      both(run.wakes.from.total, run.wakes.to.total),
      both(run.wakes.from.herd, run.wakes.to.herd),
    ],
    tone: toneOf(run),
  })),
  note: "from → to, where they differ",
})

const both = (from: number | string, to: number | string): string =>
  from === to ? `${from}` : `${from} → ${to}`

const toneOf = (run: DiffRun): Tone => {
  if (run.fails.length > 0) return "bad"
  if (lostCount(run.waits.to) > 0 || run.waits.changes.regressed > 0 || run.wakes.to.herd > 0) return "unsure"
  return lostCount(run.waits.from) > 0 ? "good" : "neutral"
}

const runView = (run: DiffRun): RunView => ({
  trace: run.trace,
  rowCount: run.rows,
  outcome: run.fails.length > 0 ? "failed" : "passed",
  tone: toneOf(run),
  headline: diffHeadline(run),
  facts: [
    ...(["from", "to"] as const).map((side) => ({
      label: side,
      value: [run[side], replayWords(run, side).join(", ")],
      tone: run.fidelity[side] < 0.5 ? ("unsure" as const) : ("neutral" as const),
    })),
    ...(run.failOn.length === 0
      ? []
      : [
          {
            label: "fails on",
            value: [run.failOn.join(", "), `of which occur: ${run.fails.join(", ") || "none"}`],
            tone: run.fails.length > 0 ? ("bad" as const) : ("good" as const),
          },
        ]),
  ],
  tables: [waitTable(run), wakeTable(run)],
  findings: run.findings.map((finding) => findingView(finding, run)),
  findingsLeftOut: run.findingsLeftOut,
  timeline: run.timeline ?? null,
  command: run.command,
})

/** The kinds that `--fail-on` may name a finding by. */
const kindsOf = (finding: Finding): ReadonlyArray<string> => {
  const ending = finding.to?.ending
  return ending === "starved" || ending === "undefined" ? [ending, finding.kind] : [finding.kind]
}

const findingView = (finding: Finding, run: DiffRun): ReportFinding => {
  const kinds = kindsOf(finding)
  const failing = kinds.find((kind) => run.fails.some((fail) => fail === kind))
  const rule = failing ?? kinds[0]!
  const isBad = finding.to !== null && badEndings.has(finding.to.ending)
  const isGrave = isBad || finding.kind === "regressed" || finding.kind === "herd"
  return {
    level: failing !== undefined ? "error" : isGrave ? "warning" : "note",
    rule,
    title: `${finding.kind}: ${subject(finding)}`,
    details:
      finding.requester === null
        ? []
        : [`${run.from}: ${sideText(finding.from, finding)}`, `${run.to}: ${sideText(finding.to, finding)}`],
    trace: run.trace,
    row: finding.beginRow,
    line: null,
    timeUs: finding.beginTimeUs,
    entity: finding.requester,
    commands: [finding.command, ...explaining(finding)],
    identity: [
      "diff",
      run.trace,
      run.from,
      run.to,
      finding.kind,
      finding.requester ?? "",
      finding.buffer ?? "",
      finding.from?.ending ?? "",
      finding.to?.ending ?? "",
    ],
  }
}
