import { inert, inertLog } from "../domain/text.ts"

/** Pieces of Markdown whose texts are inert: nothing that comes out of a trace can become markup, a link or a mention. */

/**
 * GitHub and GitLab look for mentions, references, emoji and addresses in the text as it is _rendered_, where an entity is its
 * character again. A zero-width space behind the character ends the reference, as Renovate and Dependabot do it. It
 * stands only where a reference could begin, so that other texts can be searched and copied as they are.
 */
const references = [
  "@",
  // #1, !1, ~label, %milestone, ^alert, &epic, *iteration:1, [vulnerability:1], [[_TOC_]], {+ inserted +}
  String.raw`[#!~%^&*[{](?=[\w"[+-])`,
  // :emoji:, https://; but a line and a column, such as a.csv:3:4:, are none
  String.raw`:(?=\d*[A-Za-z_+-][\w+-]*:|100:|1234:|\/\/)`,
  String.raw`(?<=\b[wW]{3})\.`,
  // GH-1, and whatever issue tracker a project has set
  String.raw`(?<=[A-Z])-(?=\d)`,
].join("|")

// A heading, an underline, an item of a list, a quotation, an indented block, a quick action of GitLab's,
// a workflow command of GitHub's where the page is printed in a log.
const openings = String.raw`^(?:[-+=#](?!\w)|[>/:\s]|\d+[.)](?=\s|$))`

// An underscore within a word is none of Markdown's.
const markup = String.raw`[&<*~[|\\${"`"}]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])`

const special = new RegExp(String.raw`(${references})|(\$)|${openings}|${markup}`, "g")

/** An untrusted text as Markdown text, wherever on a line it stands: always a single line. */
export const escaped = (text: string): string => inert(text).replace(special, spelledOut)

const spelledOut = (match: string, reference?: string, dollar?: string): string => {
  const text = match.replaceAll(/\W|_/g, entity)
  // What GitHub's documentation says of a dollar that shall not begin a formula.
  if (dollar !== undefined) return `<span>${text}</span>`
  return reference === undefined ? text : `${text}&#8203;`
}

const named: Readonly<Record<string, string>> = { "<": "&lt;", "&": "&amp;" }

const entity = (character: string): string => named[character] ?? `&#${character.codePointAt(0)!};`

/** The same in bold: Markdown knows none that begins or ends with a space. */
export const strong = (text: string): string => {
  const inside = escaped(inert(text).trim())
  return inside === "" ? "" : `**${inside}**`
}

export const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

/** A table; its cells are Markdown already. The first column is aligned left, the others right. */
export const table = (header: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [row(header), row(header.map((_, at) => (at === 0 ? "---" : "---:"))), ...rows.map(row)].join("\n")

/** Commands or other literal lines in a block of their own, fenced longer than any run of backticks in them. */
export const literal = (...lines: ReadonlyArray<string>): string => {
  const longest = lines.flatMap((line) => Array.from(line.matchAll(/`+/g), ([run]) => run.length))
  const fence = "`".repeat(Math.max(2, ...longest) + 1)
  return [fence, ...lines.map((line) => inertLog(inert(line))), fence].join("\n")
}
