import type { Fact, Outcome, ReportFinding, Table, Tone } from "../view.ts"
import { markup, raw, type Markup } from "./markup.ts"

/** Small parts of the page: icons, facts, tables, findings. Nothing is said by colour alone. */

const icons: Readonly<Record<Tone, string>> = {
  good: '<path d="M4.5 8.5l2.5 2.5 4.5-5.5"/>',
  bad: '<path d="M5 5l6 6M11 5l-6 6"/>',
  unsure: '<path d="M6 6.2c.2-2.6 4.2-2.4 4 .1-.1 1.3-2 1.5-2 3"/><path d="M8 11.6v.1"/>',
  neutral: '<path d="M5 8h6"/>',
}
const toneWords: Readonly<Record<Tone, string>> = {
  good: "good",
  bad: "bad",
  unsure: "not sure",
  neutral: "neutral",
}

/** A sign in a circle; what it says is there for screen readers too. */
export const icon = (tone: Tone, words: string = toneWords[tone]): Markup =>
  markup`<svg class="icon tone-${tone}" viewBox="0 0 16 16" role="img" aria-label="${words}"><circle cx="8" cy="8" r="7"/>${raw(icons[tone])}</svg>`

/** For what is plain text unless it is good or bad. */
const mark = (tone: Tone): Markup | null => (tone === "neutral" ? null : icon(tone))

const outcomeTones: Readonly<Record<Outcome, Tone>> = { passed: "good", failed: "bad", unsure: "unsure" }
export const outcomeBadge = (outcome: Outcome): Markup =>
  markup`<span class="badge tone-${outcomeTones[outcome]}">${outcome}</span>`

export const facts = (all: ReadonlyArray<Fact>): Markup | null =>
  all.length === 0
    ? null
    : markup`<dl class="facts">${all.map(
        ({ label, value, tone }) =>
          markup`<div><dt>${label}</dt><dd>${mark(tone)}<span>${lines(value)}</span></dd></div>`,
      )}</dl>`

const lines = (all: ReadonlyArray<string>): ReadonlyArray<Markup> =>
  all.map((line) => markup`<span class="line">${line}</span>`)

/** A table of the view. Where it is too wide it scrolls in a box of its own, which the keyboard reaches. */
export const table = ({ title, header, rows, note }: Table): Markup => markup`<figure class="table">
<div class="scroll" tabindex="0" role="group" aria-label="${title}"><table>
<caption>${title}</caption>
<thead><tr>${header.map((cell) => markup`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map(
  ({ cells, tone }) =>
    markup`<tr class="tone-${tone}"><th scope="row">${cells[0] ?? ""}${mark(tone)}</th>${cells
      .slice(1)
      .map((cell) => markup`<td>${cell}</td>`)}</tr>\n`,
)}</tbody>
</table></div>${note === null ? null : markup`<figcaption>${note}</figcaption>`}</figure>`

/** A command that can be copied: the button comes with the script. */
export const command = (text: string): Markup => markup`<pre class="command"><code>${text}</code></pre>`

/** How many findings are open to the eye; more are folded away. */
const shownFindings = 5
const levelTones: Readonly<Record<ReportFinding["level"], Tone>> = {
  error: "bad",
  warning: "unsure",
  note: "neutral",
}

/** Findings, worst first; `linkOf` says where the page shows more of one. */
export const findings = (
  all: ReadonlyArray<ReportFinding>,
  leftOut: number,
  linkOf: (finding: ReportFinding) => string | null,
): Markup => {
  const items = all.map((finding) => oneFinding(finding, linkOf(finding)))
  const rest = items.slice(shownFindings)
  return markup`<ol class="findings">${items.slice(0, shownFindings)}</ol>
${
  rest.length === 0
    ? null
    : markup`<details class="more"><summary>${rest.length} more</summary><ol class="findings" start="${shownFindings + 1}">${rest}</ol></details>`
}
${leftOut === 0 ? null : markup`<p class="note">${leftOut} more are left out.</p>`}`
}

const oneFinding = (finding: ReportFinding, link: string | null): Markup => markup`<li class="finding">
<p class="what">${icon(levelTones[finding.level], finding.level)}<span><span class="rule">${finding.rule}</span> ${finding.title}</span></p>
<p class="where">${placeOf(finding).join(" · ")}${
  link === null ? null : markup` <a class="needs-script" href="${link}">show it in the timeline</a>`
}</p>
${finding.details.length === 0 ? null : markup`<p class="details">${lines(finding.details)}</p>`}
${finding.commands.map(command)}
</li>
`

const placeOf = ({ row, line, timeUs, entity }: ReportFinding): ReadonlyArray<string> => [
  ...(row === null ? [] : [`row ${row}`]),
  ...(line === null ? [] : [`line ${line}`]),
  ...(timeUs === null ? [] : [`${(timeUs / 1000).toFixed(3)} ms`]),
  ...(entity === null ? [] : [entity]),
]
