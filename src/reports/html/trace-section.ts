import type { ReportFinding, RunView } from "../view.ts"
import { markup, type Markup } from "./markup.ts"
import { command, facts, findings, icon, outcomeBadge, table } from "./pieces.ts"

/** One trace. Where there are several, those that did not fail are folded away. */
export const traceSection = (
  run: RunView,
  number: number,
  isAlone: boolean,
  timeline: Markup | null,
): Markup => {
  const heading = markup`<h2 id="trace-${number}-name">${icon(run.tone)}<span class="name">${run.trace}</span> ${outcomeBadge(run.outcome)}</h2>`
  // Of one trace alone, the verdict above has said it.
  const headline = isAlone ? null : markup`<p class="headline">${run.headline}</p>`
  const body = markup`${headline}
${facts(run.facts)}
${run.tables.length === 0 ? null : markup`<div class="tables">${run.tables.map(table)}</div>`}
${timeline}
${
  run.findings.length === 0
    ? null
    : markup`<h3>Findings</h3>${findings(run.findings, run.findingsLeftOut, (finding) => waitOf(run, finding, number))}`
}
<h3>Again</h3>${command(run.command)}`
  return isAlone
    ? markup`<section id="trace-${number}" class="trace" aria-labelledby="trace-${number}-name">${heading}${body}</section>\n`
    : markup`<section id="trace-${number}" class="trace" aria-labelledby="trace-${number}-name">
<details${run.outcome === "failed" ? markup` open` : null}><summary>${heading}</summary>${body}</details></section>\n`
}

/** The wait that a finding is about, as the browser's links name it: the last lane's, where both have it. */
const waitOf = (run: RunView, { row, entity }: ReportFinding, number: number): string | null => {
  if (run.timeline === null || row === null) return null
  for (const [lane, { waits }] of [...run.timeline.lanes.entries()].toReversed()) {
    const wait = waits.findIndex((one) => one.beginRow === row && one.requester === entity)
    if (wait !== -1) return `#trace-${number}.lane-${lane + 1}.wait-${wait + 1}`
  }
  return null
}
