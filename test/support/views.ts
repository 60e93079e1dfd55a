/** Views made by hand: a tame one with everything in it, and the same with hostile texts in every place. */
import type { Refusal } from "../../src/domain/documents.ts"
import type { Fact, ReportFinding, ReportView, Rule, RunView, Table } from "../../src/reports/view.ts"

/** What a text of a trace, a path or a preamble may try on a reader, by what it tries. */
export const payloads = {
  html: `<script>alert(1)</script><img src=x onerror=alert(1)>`,
  attribute: `"><b onclick='x'>&amp;</b>`,
  comment: `<!-- a --> --> <!`,
  cdata: `]]>&<![CDATA[x]]>`,
  link: "[click](https://evil.example) ![i](https://evil.example/i.png) [a]: https://evil.example",
  autolink: "https://evil.example www.evil.example me@evil.example <https://evil.example> mailto:a@b.example",
  mention: "@everyone #123 !45 GH-6 owner/repo#7 ~label %milestone :smile: :100: :8ball: ^alert#1 &epic",
  markup: "**b** __b__ *e* _e_ ~~s~~ `c` ``` | a | b | \\| \\",
  heading: "# h",
  list: "- x",
  numbered: "1. x",
  quotation: "> x",
  underline: "===",
  rule: "---",
  indented: "    code",
  fence: "`````",
  math: "$x^2$ $$y$$ $`z`$",
  quickAction: "/close",
  workflow: "::error file=a,line=1::x",
  stopCommands: "%0A::stop-commands::x",
  azure: "##vso[task.setvariable variable=a]b ##[error]c ##teamcity[d]",
  attachment: "[[ATTACHMENT|/etc/passwd]]",
  percent: "100%25, a=b: c;d",
  formula: "=cmd|' /C calc'!A0",
  ansi: "\x1b[31mred\x1b]0;title\x07",
  bidi: "\u202etxt.exe\u2069",
  lines: "a\r\nb\n\n# c\n::error::d\u2028e",
  nul: "a\x00b\x7f\x9bc",
  surrogates: "\ud800x\udc00",
  noncharacters: "\ufffe\uffff",
  spaces: " a\u00a0",
  empty: "",
  long: "long_[<&@".repeat(150),
} as const
export type Payload = keyof typeof payloads

/** Makes a text of a view; `where` says which. */
type Said = (where: string) => string

const plain: Said = (where) => where

/** The rules are ours, and so are the numbers; every other text is untrusted. */
const rules: ReadonlyArray<Rule> = [
  { name: "starved", meaning: "nobody could serve it", level: "error" },
  { name: "regressed", meaning: "it was served before", level: "warning" },
  { name: "fixed", meaning: "it is served now", level: "note" },
]

export const finding = (changes: Partial<ReportFinding> = {}, say: Said = plain): ReportFinding => ({
  level: "error",
  rule: "starved",
  title: say("the title"),
  details: [say("a detail"), say("another detail")],
  trace: say("traces/a.csv"),
  row: 5,
  line: 6,
  timeUs: 480_189,
  entity: say("a2"),
  commands: [say("wakediff diff traces/a.csv"), say("wakediff explain --row 5 traces/a.csv")],
  identity: ["diff", say("traces/a.csv"), "starved", say("a2")],
  ...changes,
})

const fact = (say: Said): ReadonlyArray<Fact> => [
  { label: say("from"), value: [say("1.7-pre-fix")], tone: "neutral" },
  { label: say("to"), value: [say("1.7-post-fix"), say("replayed")], tone: "good" },
]

const table = (say: Said): Table => ({
  title: say("waits"),
  header: [say("ending"), say("from"), say("to")],
  rows: [
    { cells: [say("starved"), say("4"), say("0")], tone: "bad" },
    { cells: [say("pending"), say("140"), say("65")], tone: "neutral" },
  ],
  note: say("a note"),
})

export const run = (changes: Partial<RunView> = {}, say: Said = plain): RunView => ({
  trace: say("traces/a.csv"),
  rowCount: 100,
  outcome: "failed",
  tone: "bad",
  headline: say("fails on starved"),
  facts: fact(say),
  tables: [table(say)],
  findings: [finding({}, say), finding({ level: "note", rule: "fixed", line: null }, say)],
  findingsLeftOut: 0,
  timeline: null,
  command: say("wakediff diff traces/a.csv"),
  ...changes,
})

export const refusal = (say: Said = plain): Refusal => ({
  trace: say("traces/torn.csv"),
  error: say("traces/torn.csv:3:4: no number"),
  line: 3,
  column: 4,
})

/** Two runs, findings of their own and together, a refused trace. */
export const view = (changes: Partial<ReportView> = {}, say: Said = plain): ReportView => ({
  version: "0.1.0",
  command: "diff",
  title: say("What the fix changes"),
  headline: say("2 traces: 1 fails, 1 unsure"),
  tone: "bad",
  facts: fact(say),
  tables: [table(say)],
  findings: [finding({ level: "warning", rule: "regressed", trace: null, row: null, line: null }, say)],
  runs: [
    run({}, say),
    run({ outcome: "unsure", tone: "unsure", headline: say("no verdict"), findingsLeftOut: 3 }, say),
    run({ outcome: "passed", tone: "good", headline: say("conforms"), findings: [] }, say),
  ],
  refused: [refusal(say)],
  rules,
  document: { say: say("the document") },
  ...changes,
})

/** The same view with one payload in the place of every untrusted text. */
export const hostileView = (payload: Payload, changes: Partial<ReportView> = {}): ReportView =>
  view(changes, () => payloads[payload])

/** Nothing was found, nothing was read, and nothing could be read. */
export const sparseViews: Readonly<Record<string, ReportView>> = {
  "no findings": view({
    tone: "good",
    findings: [],
    refused: [],
    runs: [run({ outcome: "passed", tone: "good", headline: "conforms", findings: [] })],
  }),
  "no runs": view({ tone: "neutral", facts: [], tables: [], findings: [], runs: [], refused: [], rules: [] }),
  "refused only": view({ facts: [], tables: [], findings: [], runs: [] }),
}
