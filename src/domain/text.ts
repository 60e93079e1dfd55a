/**
 * Text that comes from a trace, a path or an argument may hold anything, terminal sequences included. Whatever prints it
 * (the terminal, a report, an error) makes it inert first.
 */

// Controls (C0, DEL, C1), format characters (bidi, zero width, byte-order mark), lone surrogates, line and paragraph separators.
const active = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/**
 * The same text with every character that a terminal or a text viewer would act on spelled out: `\x1b`, `\u{202e}`.
 * Line breaks and tabs are such characters too: the result is always a single line.
 */
export function inert(text: string): string {
  return text.replace(active, spelled)
}

/** A character as `inert` spells it. */
export function spelled(character: string): string {
  const point = character.codePointAt(0) ?? 0
  const hex = point.toString(16)
  return point <= 0xff ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`
}

/** The same in the form that `$'…'` reads back, in bash, zsh and ksh. */
function spelledForShell(character: string): string {
  return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`
}

// GitHub's runner trims a line as .NET does before it looks for `::`, and cuts lines at a lone carriage return, too.
// eslint-disable-next-line no-control-regex -- the colours that `Style` makes may precede
const lineCommand = /^((?:[\s\x85\ufeff]|\x1b\[[\d;]*m)*):(?=:)/gm

// `##[` of GitHub's older runners and of Azure Pipelines, `##vso[`, `##teamcity[`: wherever they are in a line.
const bracketCommand = /#(?=#\w*\[)/g

/**
 * An otherwise finished text for standard output or standard error, in which no line is a command to the CI system that reads
 * its log. What would make it one is spelled as JSON spells it, so that a printed document still says the same.
 */
export function inertLog(text: string): string {
  return text.replace(lineCommand, String.raw`$1\u003a`).replace(bracketCommand, String.raw`\u0023`)
}

/** One argument of a command line, quoted for a POSIX shell where it must be, and inert. */
export function shellWord(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument
  if (inert(argument) === argument) return `'${argument.replaceAll("'", String.raw`'\''`)}'`
  return `$'${argument.replace(/[\\']/g, String.raw`\$&`).replace(active, spelledForShell)}'`
}

/** A command line that can be pasted into a shell. */
export function commandLine(words: Iterable<string>): string {
  return Array.from(words, shellWord).join(" ")
}
