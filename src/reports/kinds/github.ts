import { inert, inertLog } from "../../domain/text.ts"
import type { Refusal } from "../../domain/documents.ts"
import type { Renderer } from "../kinds.ts"
import { counted } from "../layout.ts"
import { escaped, strong } from "../markdown.ts"
import { levels, type Level, type ReportFinding, type ReportView, type Table } from "../view.ts"
import { leftOutCount, ranked, shortened } from "./findings.ts"
import { findingSection, marked, refusedSection, tableSection } from "./markdown-pieces.ts"

/** Annotations, which GitHub's runner reads from the log, and a summary of the job. */
export const github: Renderer = (view) => ({ file: summary(view), log: annotations(view).join("\n") })

/** GitHub shows no more annotations of a level that a step makes. */
const mostOfLevel = 10
/** GitHub refuses a longer summary of a step. */
const mostBytes = 1024 * 1024
const mostRows = 100
const mostLines = 10
const longestTitle = 200
const longestLine = 1000

const commands: { readonly [L in Level]: string } = { error: "error", warning: "warning", note: "notice" }

interface Annotation {
  readonly level: Level
  readonly trace: string | null
  readonly line: number | null
  readonly title: string
  readonly lines: ReadonlyArray<string>
}

/** The worst of each level; a notice says how many more there are. */
const annotations = (view: ReportView): ReadonlyArray<string> => {
  const all = [...view.refused.map(ofRefusal), ...ranked(view).map((finding) => ofFinding(finding, view))]
  const shown = levels.flatMap((level) => all.filter((one) => one.level === level).slice(0, mostOfLevel))
  const isWhole = all.length === shown.length && leftOutCount(view) === 0
  if (isWhole) return shown.map(command)
  // The count is a notice itself: where there are ten already, the last makes room for it.
  const noticeCount = shown.filter(({ level }) => level === "note").length
  const kept = noticeCount < mostOfLevel ? shown : shown.slice(0, -1)
  return [...kept, ofRest(all.length - kept.length + leftOutCount(view))].map(command)
}

const ofRefusal = ({ trace, error, line }: Refusal): Annotation => ({
  level: "error",
  trace,
  line: line > 0 ? line : null,
  title: "wakediff: refused",
  lines: [error],
})

const ofFinding = (finding: ReportFinding, view: ReportView): Annotation => ({
  level: finding.level,
  trace: finding.trace,
  line: finding.line,
  title: `wakediff ${view.command}: ${finding.rule}`,
  lines: [finding.title, ...finding.details, ...finding.commands],
})

const ofRest = (count: number): Annotation => ({
  level: "note",
  trace: null,
  line: null,
  title: "wakediff",
  lines: [`${counted(count, "more finding")} not shown here: the reports and the log have them`],
})

/** A workflow command, escaped as actions/toolkit does it: `::error file=a,line=1,title=t::message`. */
const command = ({ level, trace, line, title, lines }: Annotation): string => {
  const properties = [
    ...(trace === null ? [] : [`file=${property(trace)}`]),
    ...(line === null ? [] : [`line=${line}`]),
    `title=${property(shortened(title, longestTitle))}`,
  ]
  const text = lines.slice(0, mostLines).map((one) => inert(shortened(one, longestLine)))
  return `::${commands[level]} ${properties.join(",")}::${data(inertLog(text.join("\n")))}`
}

const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")

const property = (text: string): string =>
  data(inertLog(inert(text)))
    .replaceAll(":", "%3A")
    .replaceAll(",", "%2C")

/** The headline, the tables, what could not be read and the worst findings, as far as they fit. */
const summary = (view: ReportView): string => {
  const findings = ranked(view)
  const shown = findings.slice(0, mostOfLevel)
  const hidden = findings.length - shown.length + leftOutCount(view)
  const sections = [
    `# ${escaped(shortened(view.title, longestTitle))}`,
    marked(view.tone, strong(shortened(view.headline, longestLine))),
    ...view.tables.map((one) => tableSection(shortTable(one), "##")),
    ...(view.refused.length === 0 ? [] : [refusedSection(shortRefused(view.refused))]),
    ...(shown.length === 0 ? [] : ["## The worst findings"]),
    ...shown.map((finding, at) => findingSection(shortFinding(finding), `### ${at + 1}.`)),
  ]
  return fitting(sections, hidden)
}

const wholeReport = "`--report markdown=PATH` and `--report html=PATH` write the whole report."

/** As many whole sections as the limit allows, and how many others there are. */
const fitting = (sections: ReadonlyArray<string>, hiddenFindings: number): string => {
  const kept: Array<string> = []
  // Room for the last lines.
  let bytes = 1024
  for (const section of sections) {
    const size = Buffer.byteLength(section) + 2
    if (bytes + size > mostBytes) continue
    bytes += size
    kept.push(section)
  }
  const leftOut = [
    ...(hiddenFindings === 0 ? [] : [counted(hiddenFindings, "finding")]),
    ...(kept.length === sections.length
      ? []
      : [`${counted(sections.length - kept.length, "section")} too long for a summary`]),
  ]
  const note = leftOut.length === 0 ? [] : [`Left out: ${leftOut.join(", ")}.`]
  return `${[...kept, ...note, wholeReport].join("\n\n")}\n`
}

const shortTable = (table: Table): Table => {
  const more = table.rows.length - mostRows
  if (more <= 0) return table
  const note = `${counted(more, "more row")} left out`
  return {
    ...table,
    rows: table.rows.slice(0, mostRows),
    note: table.note === null ? note : `${table.note}; ${note}`,
  }
}

const shortRefused = (refused: ReadonlyArray<Refusal>): ReadonlyArray<Refusal> => {
  const more = refused.length - mostLines
  const shown = refused.slice(0, mostLines).map(shortRefusal)
  return more <= 0 ? shown : [...shown, { ...refused[mostLines]!, error: `and ${more} more` }]
}

const shortRefusal = ({ trace, error, line, column }: Refusal): Refusal => ({
  trace,
  error: shortened(error, longestLine),
  line,
  column,
})

/** A command is of no use where its end is missing. */
const shortFinding = (finding: ReportFinding): ReportFinding => ({
  ...finding,
  title: shortened(finding.title, longestTitle),
  details: finding.details.slice(0, mostLines).map((line) => shortened(line, longestLine)),
  commands: finding.commands.filter((line) => line.length <= longestLine).slice(0, mostLines),
})
