import type { Renderer } from "../kinds.ts"
import { counted } from "../layout.ts"
import { escaped, literal, strong } from "../markdown.ts"
import type { Fact, ReportFinding, ReportView, Rule, RunView } from "../view.ts"
import { ranked } from "./findings.ts"
import { findingSection, marked, refusedSection, tableSection } from "./markdown-pieces.ts"

/** A page for a merge request, a wiki or a mail: what all traces say, then each of them. */
export const markdown: Renderer = (view) => ({
  file: `${[
    `# ${escaped(view.title)}`,
    marked(view.tone, strong(view.headline)),
    ...factSection(view.facts),
    ...view.tables.map((one) => tableSection(one, "##")),
    ...(view.findings.length === 0 ? [] : ["## All traces together"]),
    ...findingSections(view.findings, "###"),
    ...(view.refused.length === 0 ? [] : [refusedSection(view.refused)]),
    ...view.runs.flatMap((run) => runSection(run, view)),
    ...ruleSection(view),
    `Written by wakediff ${escaped(view.version)}.`,
  ].join("\n\n")}\n`,
})

const runSection = (run: RunView, view: ReportView): ReadonlyArray<string> => [
  `## ${marked(run.tone, escaped(run.trace))}`,
  // The only run's headline is the page's.
  ...(run.headline === view.headline ? [] : [strong(run.headline)]),
  ...factSection([{ label: "rows", value: [`${run.rowCount}`], tone: "neutral" }, ...run.facts]),
  ...run.tables.map((one) => tableSection(one, "###")),
  ...(run.findings.length === 0 ? [] : ["### Findings"]),
  ...findingSections(run.findings, "####"),
  ...(run.findingsLeftOut === 0 ? [] : [`${counted(run.findingsLeftOut, "more finding")} left out.`]),
  "### Again",
  literal(run.command),
]

const findingSections = (findings: ReadonlyArray<ReportFinding>, heading: string): ReadonlyArray<string> =>
  findings.map((finding, at) => findingSection(finding, `${heading} ${at + 1}.`))

/** A list; a fact of several lines has a list of its own in it. */
const factSection = (facts: ReadonlyArray<Fact>): ReadonlyArray<string> =>
  facts.length === 0 ? [] : [facts.flatMap(factLines).join("\n")]

const factLines = ({ label, value, tone }: Fact): ReadonlyArray<string> => {
  const head = `- ${marked(tone, strong(label))}`
  return value.length === 1
    ? [`${head}: ${escaped(value[0]!)}`]
    : [head, ...value.map((line) => `  - ${escaped(line)}`)]
}

/** What the names of the rules mean that are on the page. */
const ruleSection = (view: ReportView): ReadonlyArray<string> => {
  const named = new Set(ranked(view).map(({ rule }) => rule))
  const rules = view.rules.filter(({ name }) => named.has(name))
  return rules.length === 0 ? [] : ["## Words", rules.map(ruleLine).join("\n")]
}

const ruleLine = ({ name, meaning }: Rule): string => `- ${strong(name)}: ${escaped(meaning)}`
