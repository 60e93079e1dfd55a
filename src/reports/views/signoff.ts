import type { Documents, SignoffPart, SignoffRun, SignoffTogether } from "../../domain/documents.ts"
import { diffHeadline, replayWords, waitTable, wakeTable } from "../diff-words.ts"
import { counted } from "../layout.ts"
import { placesText } from "../part-note.ts"
import {
  againstText,
  claimNote,
  evidenceText,
  isConfirmed,
  isOpen,
  predictionNote,
  verdictSentence,
} from "../signoff-words.ts"
import type { Fact, ReportFinding, Rule, RunView, Table, Tone } from "../view.ts"
import type { Notes } from "./notes.ts"
import type { Drawn } from "./overall.ts"
import { outcomes, runView as verifyRunView, verifyRules } from "./verify.ts"

type Document = Documents["signoff"]

/** The view of a sign-off: what was shown, and as plainly what was not. */
export const signoffView = (document: Document, notes: Notes): Drawn => {
  const { runs, together } = document
  const open = together.parts.filter(isOpen)
  return {
    title: `Sign-off against ${againstText(document)}`,
    headline: verdictSentence(document),
    tone: outcomes[together.verdict][1],
    facts: [
      fact("tool", [`wakediff ${document.version}`]),
      ...partsFact("confirmed", together.parts.filter(isConfirmed), "good"),
      ...partsFact(
        "contradicted",
        together.parts.filter(({ contradictedBy }) => contradictedBy.length > 0),
        "bad",
      ),
      ...partsFact("not exercised", open, "unsure"),
    ],
    tables: [traceTable(runs), partTable(together.parts)],
    findings: [
      ...together.doubts.map((doubt) => doubtFinding(doubt, together)),
      ...(open.length === 0 ? [] : [openFinding(open, document)]),
    ],
    runs: runs.map((run) => runView(run, notes)),
    rules,
  }
}

const rules: ReadonlyArray<Rule> = [
  ...verifyRules,
  { name: "doubt", meaning: "the traces are weaker evidence than their number says", level: "warning" },
  { name: "not-exercised", meaning: "no trace says anything of these parts of the fix", level: "note" },
  {
    name: "evidence",
    meaning: "what the trace shows of parts of the fix: it comes out otherwise when they are turned",
    level: "note",
  },
  { name: "effect", meaning: "what the fix is predicted to change for this workload", level: "note" },
]

const fact = (label: string, value: ReadonlyArray<string>, tone: Tone = "neutral"): Fact => ({
  label,
  value,
  tone,
})

const partsFact = (label: string, parts: ReadonlyArray<SignoffPart>, tone: Tone): ReadonlyArray<Fact> =>
  parts.length === 0 ? [] : [fact(label, [parts.map(({ part }) => part).join(", ")], tone)]

const traceTable = (runs: ReadonlyArray<SignoffRun>): Table => ({
  title: "traces",
  header: ["trace", "verdict", "rows", "claimed commit", "sha256"],
  rows: runs.map((run) => ({
    cells: [run.trace, run.verify.verdict, `${run.rows}`, claimed(run, "commit"), run.sha256],
    tone: outcomes[run.verify.verdict][1],
  })),
  note: `commits ${claimNote}`,
})

const claimed = ({ claims }: SignoffRun, key: string): string =>
  claims.find((claim) => claim.key === key)?.value ?? ""

const partTable = (parts: ReadonlyArray<SignoffPart>): Table => ({
  title: "parts of the fix",
  header: ["part", "confirmed by", "contradicted by", "not exercised by"],
  rows: parts.map((one) => ({
    cells: [
      one.part,
      ...[one.confirmedBy, one.contradictedBy, one.notExercisedBy].map(({ length }) => `${length}`),
    ],
    tone: one.contradictedBy.length > 0 ? "bad" : isConfirmed(one) ? "good" : "unsure",
  })),
  note: "how many traces say so; in a trace that deviates, the parts speak of the rows before that",
})

const noPlace = { trace: null, row: null, line: null, timeUs: null, entity: null } as const

const doubtFinding = (doubt: string, { command }: SignoffTogether): ReportFinding => ({
  ...noPlace,
  level: "warning",
  rule: "doubt",
  title: doubt,
  details: [],
  commands: [command],
  identity: ["doubt", doubt],
})

/** What would have to be recorded, and the commands that show that these recordings don't tell. */
const openFinding = (open: ReadonlyArray<SignoffPart>, { runs }: Document): ReportFinding => ({
  ...noPlace,
  level: "note",
  rule: "not-exercised",
  title: `${counted(open.length, "part")} not exercised: nothing is said of ${open.length === 1 ? "it" : "them"}`,
  details: open.map(({ part, workload, places }) => `${part}: ${workload} (${placesText(places)})`),
  commands: open.flatMap(({ part }) => commandsFor(part, runs[0])),
  identity: ["not-exercised", ...open.map(({ part }) => part)],
})

const commandsFor = (part: string, run: SignoffRun | undefined): ReadonlyArray<string> =>
  run?.parts.filter((one) => one.part === part).map(({ command }) => command) ?? []

const runView = (run: SignoffRun, notes: Notes): RunView => {
  const verified = verifyRunView(run.verify, notes)
  return {
    ...verified,
    facts: [
      fact("sha256", [run.sha256]),
      ...(run.tornLine === null
        ? []
        : [fact("torn", [`line ${run.tornLine} was dropped, and is not judged`], "unsure")]),
      fact("recorded", [claimNote, ...run.claims.map(({ key, value }) => `${key}: ${value}`)]),
      ...verified.facts,
    ],
    tables: [waitTable(run.diff), wakeTable(run.diff)].filter(({ rows }) => rows.length > 0),
    findings: [...verified.findings, ...evidenceFinding(run), effectFinding(run)],
    timeline: run.timeline ?? null,
  }
}

/** What the trace shows of parts, and the commands that turn each of them the other way. */
const evidenceFinding = (run: SignoffRun): ReadonlyArray<ReportFinding> => {
  const shown = run.parts.filter(({ status }) => status !== "not exercised")
  if (shown.length === 0) return []
  return [
    {
      ...noPlace,
      level: "note",
      rule: "evidence",
      title: `evidence on ${shown.length} of ${run.parts.length} parts`,
      details: shown.map(evidenceText),
      trace: run.trace,
      commands: shown.map(({ command }) => command),
      identity: ["evidence", run.trace, ...shown.map(({ part, status }) => `${part} ${status}`)],
    },
  ]
}

const effectFinding = ({ trace, diff }: SignoffRun): ReportFinding => ({
  ...noPlace,
  level: "note",
  rule: "effect",
  title: `${diff.from} → ${diff.to}: ${diffHeadline(diff)}`,
  details: [
    predictionNote,
    ...(["from", "to"] as const).map((side) => `${diff[side]}: ${replayWords(diff, side).join(", ")}`),
  ],
  trace,
  commands: [diff.command],
  identity: ["effect", trace, diff.from, diff.to],
})
