import { inert } from "../domain/text.ts"

/** Pieces of Markdown whose texts are inert: nothing that comes out of a trace can become markup, a link or a mention. */

const special = /[&<>"'`*_~[\]()|\\#!@:]/g

/** An untrusted text as Markdown text: every character with a meaning in Markdown or HTML becomes an entity. */
export const escaped = (text: string): string =>
  inert(text).replaceAll(special, (character) => `&#${character.codePointAt(0)!};`)

export const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

/** A table; its cells are Markdown already. The first column is aligned left, the others right. */
export const table = (header: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [row(header), row(header.map((_, at) => (at === 0 ? "---" : "---:"))), ...rows.map(row)].join("\n")

/** A command or another literal text in a block of its own, fenced longer than any run of backticks in it. */
export const literal = (text: string): string => {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length))
  const fence = "`".repeat(longest + 1)
  return `${fence}\n${inert(text)}\n${fence}`
}
