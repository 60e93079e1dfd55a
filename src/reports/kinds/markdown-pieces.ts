import type { Refusal } from "../../domain/documents.ts"
import { escaped, literal, strong, table } from "../markdown.ts"
import type { Level, ReportFinding, Table, Tone } from "../view.ts"
import { placeText } from "./findings.ts"

/** Sections of a Markdown page, of which several kinds make theirs. */

const toneMarks: { readonly [T in Tone]: string } = { good: "✅", bad: "❌", unsure: "⚠️", neutral: "" }
const levelMarks: { readonly [L in Level]: string } = { error: "❌", warning: "⚠️", note: "ℹ️" }

/** A Markdown text behind the mark of its tone. */
export const marked = (tone: Tone, text: string): string =>
  toneMarks[tone] === "" ? text : `${toneMarks[tone]} ${text}`

/** A heading of the depth that the page gives it, the table, and what is said below it. */
export const tableSection = ({ title, header, rows, note }: Table, heading: string): string =>
  [
    `${heading} ${escaped(title)}`,
    table(
      header.map(escaped),
      rows.map(({ cells, tone }) =>
        cells.map(escaped).map((cell, at) => (at === 0 ? marked(tone, cell) : cell)),
      ),
    ),
    ...(note === null ? [] : [escaped(note)]),
  ].join("\n\n")

/** What it is, where it shows, what more there is to say, and the commands that show it again. */
export const findingSection = (finding: ReportFinding, heading: string): string => {
  const place = placeText(finding)
  const { level, rule, title, details, commands } = finding
  return [
    `${heading} ${levelMarks[level]} ${escaped(title)}`,
    `${strong(rule)}${place === "" ? "" : `, ${escaped(place)}`}`,
    ...(details.length === 0 ? [] : [details.map((line) => `- ${escaped(line)}`).join("\n")]),
    ...(commands.length === 0 ? [] : [literal(...commands)]),
  ].join("\n\n")
}

export const refusedSection = (refused: ReadonlyArray<Refusal>): string =>
  [
    "## Refused",
    "These could not be read, and say nothing.",
    // The message names the trace and the place.
    refused.map(({ error }) => `- ❌ ${escaped(error)}`).join("\n"),
  ].join("\n\n")
