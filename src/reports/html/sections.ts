import type { ReportFinding, ReportView } from "../view.ts"
import { markup, type Markup } from "./markup.ts"
import { facts, findings, icon, outcomeBadge, table } from "./pieces.ts"

/** What the page says of all traces together, from the verdict down. */

export const verdict = (view: ReportView): Markup => markup`<section class="verdict tone-${view.tone}">
${icon(view.tone)}<h1>${view.headline}</h1>
</section>`

export const summary = (view: ReportView): Markup | null => {
  if (view.facts.length + view.tables.length + view.findings.length === 0) return null
  return markup`<section aria-labelledby="summary"><h2 id="summary">Summary</h2>
${facts(view.facts)}
${view.tables.length === 0 ? null : markup`<div class="tables">${view.tables.map(table)}</div>`}
${
  view.findings.length === 0
    ? null
    : markup`<h3>Findings</h3>${findings(view.findings, 0, (finding) => traceOf(view, finding))}`
}
</section>`
}

const traceOf = (view: ReportView, { trace }: ReportFinding): string | null => {
  const at = view.runs.findIndex((run) => run.trace === trace)
  return at === -1 ? null : `#trace-${at + 1}`
}

/** Where there are several traces: which of them is worth a look. */
export const overview = ({ runs }: ReportView): Markup | null =>
  runs.length < 2
    ? null
    : markup`<section aria-labelledby="traces"><h2 id="traces">Traces</h2>
<figure class="table"><div class="scroll" tabindex="0" role="group" aria-label="Every trace"><table class="overview">
<caption>Every trace</caption>
<thead><tr><th scope="col">trace</th><th scope="col">rows</th><th scope="col">outcome</th><th scope="col">in short</th></tr></thead>
<tbody>${runs.map(
        (run, at) =>
          markup`<tr><th scope="row"><a href="#trace-${at + 1}">${run.trace}</a></th><td>${run.rowCount}</td><td>${outcomeBadge(run.outcome)}</td><td>${icon(run.tone)}${run.headline}</td></tr>\n`,
      )}</tbody></table></div></figure>
</section>`

export const refusals = ({ refused }: ReportView): Markup | null =>
  refused.length === 0
    ? null
    : markup`<section aria-labelledby="refused"><h2 id="refused">Traces that could not be read</h2>
<ul class="refused">${refused.map(
        ({ trace, error, line, column }) =>
          markup`<li>${icon("bad")}<span><b>${trace}</b>${line === 0 ? null : `, line ${line}${column === 0 ? "" : `, column ${column}`}`}: ${error}</span></li>\n`,
      )}</ul></section>`

export const rules = ({ rules: all }: ReportView): Markup | null =>
  all.length === 0
    ? null
    : markup`<section aria-labelledby="rules"><h2 id="rules">What the findings mean</h2>
<dl class="rules">${all.map(({ name, meaning }) => markup`<div><dt>${name}</dt><dd>${meaning}</dd></div>`)}</dl></section>`
