import type { DiagnoseRun, DiagnoseTogether, Documents } from "../../domain/documents.ts"
import { isPostFix, isWhole, tried, words, type Found } from "../diagnose-words.ts"
import { counted } from "../layout.ts"
import { placesText } from "../part-note.ts"
import { undefinedText } from "../undefined-words.ts"
import type { Fact, Outcome, ReportFinding, Rule, RunView, Table, Tone } from "../view.ts"
import {
  deviationFact,
  deviationFinding,
  inconclusiveFinding,
  partFact,
  undefinedFinding,
  type Looked,
} from "./deviation.ts"
import type { Notes } from "./notes.ts"
import { overall, type Drawn } from "./overall.ts"
import { verifyRules } from "./verify.ts"

/** The view of diagnoses: each trace, and all together where they are of one build. */
export const diagnoseView = ({ runs, together }: Documents["diagnose"], notes: Notes): Drawn => {
  const each = overall(
    runs.map((run) => runView(run, notes)),
    { passed: "complete", failed: "not", unsure: "inconclusive" },
  )
  return {
    title: "Which hunk of the fix is missing",
    ...each,
    ...(together === null
      ? {}
      : {
          headline: `together: ${headlineOf(together, counted(together.traces, "trace"))}`,
          facts: [...foundFacts(together), ...missedFact(together)],
        }),
    tables: runs.length > 1 ? [overview(runs)] : [],
    findings: together === null ? [] : hunkFindings(together, null, [], notes),
    rules,
  }
}

const rules: ReadonlyArray<Rule> = [
  { name: "missing-hunk", meaning: "a part of the fix that the build does not have", level: "error" },
  {
    name: "perhaps-missing-hunk",
    meaning: "a part of the fix that the build may not have: the trace does not tell several apart",
    level: "error",
  },
  { name: "unexplained", meaning: "no choice of the fix's parts explains the trace", level: "error" },
  ...verifyRules,
]

const outcomeOf = (found: Found): readonly [Outcome, Tone] => {
  if (found.verdict === "unexplained") return ["failed", "bad"]
  if (found.verdict === "inconclusive") return ["unsure", "unsure"]
  if (!isWhole(found)) return ["failed", "bad"]
  return ["passed", isPostFix(found) ? "good" : "neutral"]
}

/** One sentence. `what`: all that was to be explained, such as `60000 rows`. */
const headlineOf = (found: Found, what: string): string => {
  switch (found.verdict) {
    case "unexplained":
      return `no ${tried(found)} of the fix's parts explains ${what}`
    case "inconclusive":
      return `inconclusive: ${what} do not tell`
    case "explained":
      return `${words(found)} explains all ${what}`
  }
}

const overview = (runs: ReadonlyArray<DiagnoseRun>): Table => ({
  title: "traces",
  header: ["trace", "verdict", "rows", "explained by"],
  rows: runs.map((run) => ({
    cells: [run.trace, run.verdict, `${run.rows}`, run.verdict === "explained" ? words(run) : ""],
    tone: outcomeOf(run)[1],
  })),
  note: null,
})

const foundFacts = (found: Found): ReadonlyArray<Fact> => {
  const turned = (set: ReadonlyArray<string>) =>
    isPostFix(found) ? { without: set, with: [] } : { without: [], with: set }
  const others = found.equivalent.slice(1).map((set) => words({ base: found.base, ...turned(set) }))
  return [
    {
      label: found.verdict === "unexplained" ? "nearest" : "explained by",
      value: [
        words(found),
        ...others.map((other) => `or ${other}`),
        ...found.alsoConforms.map((other) => `or ${words(other)}`),
      ],
      tone: outcomeOf(found)[1],
    },
    ...partFact("not exercised", found.notExercised, "neutral"),
  ]
}

const missedFact = ({ unexplained }: DiagnoseTogether): ReadonlyArray<Fact> =>
  unexplained.length === 0 ? [] : [{ label: "but not", value: unexplained, tone: "bad" }]

const runView = (run: DiagnoseRun, notes: Notes): RunView => {
  const [outcome, tone] = outcomeOf(run)
  const looked: Looked = {
    trace: run.trace,
    under: words(run),
    isAfter: (part) => (isPostFix(run) ? !run.without.includes(part) : run.with.includes(part)),
    deviationCount: run.deviationCount,
    command: run.command,
  }
  const { first, undefined: undefined_ } = run
  return {
    trace: run.trace,
    rowCount: run.rows,
    outcome,
    tone,
    headline: headlineOf(run, counted(run.rows, "row")),
    facts: [
      ...foundFacts(run),
      ...(first === null ? [] : [deviationFact(first)]),
      ...(undefined_ === null
        ? []
        : [
            {
              label: "undefined",
              value: [undefinedText(undefined_, run.unjudgedRows)],
              tone: "unsure" as const,
            },
          ]),
    ],
    tables: [],
    findings: [
      ...hunkFindings(run, run.trace, [run.command], notes),
      ...(run.verdict === "unexplained" ? [unexplainedFinding(run, looked, notes)] : []),
      ...(run.verdict === "inconclusive" ? [inconclusiveFinding(run.reason, looked)] : []),
      ...(undefined_ === null ? [] : [undefinedFinding(undefined_, run.unjudgedRows, looked)]),
    ],
    findingsLeftOut: 0,
    timeline: run.timeline ?? null,
    command: run.command,
  }
}

const unexplainedFinding = (run: DiagnoseRun, looked: Looked, notes: Notes): ReportFinding => {
  const what = headlineOf(run, counted(run.rows, "row"))
  // Where every choice was tried, the rule that is broken is no part's.
  const first = run.first !== null && run.complete ? { ...run.first, part: null } : run.first
  const nearest = first === null ? undefined : deviationFinding(first, looked, notes)
  return {
    level: "error",
    rule: "unexplained",
    title: what,
    details: nearest === undefined ? [] : [`the nearest ${nearest.title}`, ...nearest.details],
    trace: run.trace,
    row: first?.row ?? null,
    line: first?.line ?? null,
    timeUs: first?.timeUs ?? null,
    entity: nearest?.entity ?? null,
    commands: [run.command],
    identity: ["unexplained", run.trace, looked.under],
  }
}

/** A finding for each hunk that is missing, or may be. */
const hunkFindings = (
  found: Found,
  trace: string | null,
  commands: ReadonlyArray<string>,
  notes: Notes,
): ReadonlyArray<ReportFinding> => {
  if (!isPostFix(found) || found.verdict === "unexplained") return []
  const isSure = (name: string) => found.equivalent.every((set) => set.includes(name))
  const names = [...new Set(found.equivalent.flat())]
  const sorted = [...names.filter(isSure), ...names.filter((name) => !isSure(name))]
  return sorted.map((name) => hunkFinding(name, isSure(name), found, trace, commands, notes))
}

const hunkFinding = (
  name: string,
  sure: boolean,
  found: Found,
  trace: string | null,
  commands: ReadonlyArray<string>,
  notes: Notes,
): ReportFinding => {
  const note = notes.get(name)
  return {
    level: "error",
    rule: sure ? "missing-hunk" : "perhaps-missing-hunk",
    title: `the build ${sure ? "lacks" : "may lack"} ${name} of the fix`,
    details:
      note === undefined
        ? []
        : [
            `${placesText(note.places)} (${note.commit})`,
            `as recorded, before the fix: ${note.before}`,
            `after it: ${note.after}`,
            `what it does: ${note.symptom}`,
          ],
    trace,
    row: null,
    line: null,
    timeUs: null,
    entity: null,
    commands,
    identity: ["hunk", trace ?? "", found.base, name],
  }
}
