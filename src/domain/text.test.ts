import { execFileSync } from "node:child_process"
import { expect, it } from "@effect/vitest"
import { commandLine, inert, inertLog, shellWord } from "./text.ts"

it("leaves plain text alone, whatever its script", () => {
  for (const text of ["", "traces/a.csv", "größe 東京 🦀", String.raw`C:\x`]) expect(inert(text)).toBe(text)
})

it.each([
  ["\x1b[31mred", String.raw`\x1b[31mred`],
  ["a\r\nb\tc", String.raw`a\x0d\x0ab\x09c`],
  ["\x00\x7f\x9b", String.raw`\x00\x7f\x9b`],
  ["\u202eabc\u2069\u200f\u061c", String.raw`\u{202e}abc\u{2069}\u{200f}\u{61c}`],
  ["\u2028\u2029", String.raw`\u{2028}\u{2029}`],
  ["\ufeff\u200b\u{e0041}", String.raw`\u{feff}\u{200b}\u{e0041}`],
  ["\ud800x\udc00", String.raw`\u{d800}x\u{dc00}`],
])("spells out what a terminal would act on: %j", (text, shown) => {
  expect(inert(text)).toBe(shown)
})

it.each([
  ["::error::x", String.raw`\u003a:error::x`],
  ["a\n  ::stop-commands::t\nb", `a\n  ${String.raw`\u003a:stop-commands::t`}\nb`],
  ["a\r\n::x\r::y", `a\r\n${String.raw`\u003a:x`}\r${String.raw`\u003a:y`}`],
  ["\x1b[31m::error::\x1b[39m", `\x1b[31m${String.raw`\u003a:error::`}\x1b[39m`],
  [" \x1b[1;2m\u00a0\x85::x", ` \x1b[1;2m\u00a0\x85${String.raw`\u003a:x`}`],
  [":::x", String.raw`\u003a::x`],
  ["a ##[error]b", String.raw`a \u0023#[error]b`],
  ["###[group]", String.raw`#\u0023#[group]`],
  ["##vso[task.x]##TeamCity[y]", String.raw`\u0023#vso[task.x]\u0023#TeamCity[y]`],
])("a CI system finds no command in a log: %j", (text, shown) => {
  expect(inertLog(text)).toBe(shown)
  expect(inertLog(shown)).toBe(shown)
})

it("leaves a log without commands alone", () => {
  for (const text of ["", "a::b", "x ::error::", ":", "## a", "#[x]", "# [x]", "a\n: b", "\n\n"]) {
    expect(inertLog(text)).toBe(text)
  }
})

it("a document in a log says the same", () => {
  const document = { "::a": ["::error::", "##vso[x]", String.raw`\##[y]`, "#", "##", "\n::z"] }
  for (const indent of [0, 2]) {
    const printed = inertLog(JSON.stringify(document, null, indent))
    expect(printed).not.toMatch(/##\w*\[/)
    expect(JSON.parse(printed)).toEqual(document)
  }
})

it("quotes only what a shell would take apart", () => {
  expect(commandLine(["wakediff", "diff", "--rows=1,2", "my trace.csv"])).toBe(
    "wakediff diff --rows=1,2 'my trace.csv'",
  )
})

it.each([
  "",
  "a b",
  "it's",
  "$HOME `x` \\",
  "*",
  "tab\there",
  "esc\x1b[0m'\\",
  "\u202eabc\u{e0041}",
  "\x9b\\x9b\\u{41}\xad",
])("a shell reads back what was quoted: %j", (argument) => {
  const word = shellWord(argument)
  expect(inert(word)).toBe(word)
  const read = execFileSync("bash", ["--norc", "-c", `printf %s ${word}`], { env: { LC_ALL: "C.UTF-8" } })
  expect(read.toString("utf8")).toBe(argument)
})
