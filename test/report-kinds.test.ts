/** The report kinds that CI systems and people read: what they say, the published schemas, and the limits of their readers. */
import { describe, expect, it } from "@effect/vitest"
import { github } from "../src/reports/kinds/github.ts"
import { junit } from "../src/reports/kinds/junit.ts"
import { markdown } from "../src/reports/kinds/markdown.ts"
import { sarif } from "../src/reports/kinds/sarif.ts"
import type { Level, ReportFinding, ReportView } from "../src/reports/view.ts"
import {
  elementsOf,
  junitErrors,
  pageOf,
  parsedXml,
  sarifErrors,
  workflowCommand,
} from "./support/kind-judges.ts"
import { finding, refusal, run, sparseViews, view } from "./support/views.ts"

const kinds = { markdown, junit, github, sarif }

it.each(Object.entries(kinds))("%s: the same view gives the same bytes", (_, render) => {
  expect(render(structuredClone(view()))).toEqual(render(view()))
})

describe.each(Object.entries(sparseViews))("%s", (_, sparse) => {
  it("is a page", () => {
    for (const render of [markdown, github]) {
      const { tags, texts } = pageOf(render(sparse).file)
      expect(tags[0]).toBe("<h1>")
      expect(texts).toContain(sparse.headline)
      expect(texts.join("")).not.toMatch(/undefined|null|NaN/)
    }
  })

  it("is valid JUnit and SARIF", async () => {
    expect(await junitErrors(junit(sparse).file)).toEqual([])
    expect(sarifErrors(JSON.parse(sarif(sparse).file))).toEqual([])
  })

  it("has an annotation for each refused trace and no other", () => {
    const lines = github(sparse).log!.split("\n").filter(Boolean)
    expect(lines.map((line) => workflowCommand(line)?.name)).toEqual(sparse.refused.map(() => "error"))
  })
})

describe("markdown", () => {
  it("is a page that reads well as it is", () => {
    const one = run({ tables: [], facts: [], findings: [finding()], findingsLeftOut: 2 })
    const small = view({ runs: [one], headline: one.headline, findings: [], refused: [], facts: [] })
    expect(markdown(small).file).toBe(`# What the fix changes

❌ **fails on starved**

## waits

| ending | from | to |
| --- | ---: | ---: |
| ❌ starved | 4 | 0 |
| pending | 140 | 65 |

a note

## ❌ traces/a.csv

- **rows**: 100

### Findings

#### 1. ❌ the title

**starved**, row 5 (line 6), 480.189 ms, a2

- a detail
- another detail

\`\`\`
wakediff diff traces/a.csv
wakediff explain --row 5 traces/a.csv
\`\`\`

2 more findings left out.

### Again

\`\`\`
wakediff diff traces/a.csv
\`\`\`

## Words

- **starved**: nobody could serve it

Written by wakediff 0.1.0.
`)
  })

  it("says what is found together, each run's own headline, and what could not be read", () => {
    const { texts } = pageOf(markdown(view()).file)
    expect(texts).toEqual(expect.arrayContaining(["All traces together", "no verdict", "Refused"]))
    expect(texts.join("")).toContain("traces/torn.csv:3:4: no number")
  })
})

describe("junit", () => {
  const root = parsedXml(junit(view()).file)

  it("is what the published schema says", async () => {
    expect(await junitErrors(junit(view()).file)).toEqual([])
    expect(await junitErrors(junit(view()).file.replace("<failure", "<flop"))).not.toEqual([])
  })

  it("counts each trace once, and no verdict as skipped", () => {
    const [suite] = elementsOf(root, "testsuite")
    const counts = { tests: "5", failures: "1", errors: "1", skipped: "1" }
    expect(suite!.attributes).toMatchObject({ name: "wakediff.diff", ...counts })
    expect(root.attributes).toMatchObject({ tests: "5", failures: "1", errors: "1" })
    for (const [count, name] of [
      ["5", "testcase"],
      ["1", "failure"],
      ["1", "error"],
      ["1", "skipped"],
    ] as const) {
      expect(`${elementsOf(suite!, name).length}`).toBe(count)
    }
  })

  it("has one failure of a trace, which says all of its errors", () => {
    const findings = [finding(), finding({ rule: "undefined", title: "another" }), finding({ level: "note" })]
    const one = parsedXml(junit(view({ runs: [run({ findings, findingsLeftOut: 1 })] })).file)
    const [failure, ...others] = elementsOf(one, "failure")
    expect(others).toEqual([])
    expect(failure!.attributes).toEqual({ type: "starved", message: "the title" })
    expect(failure!.text.split("\n")).toEqual([
      "fails on starved",
      "",
      "error starved: the title",
      "row 5 (line 6), 480.189 ms, a2",
      "a detail",
      "another detail",
      "wakediff diff traces/a.csv",
      "wakediff explain --row 5 traces/a.csv",
      "",
      "error undefined: another",
      "row 5 (line 6), 480.189 ms, a2",
      "a detail",
      "another detail",
      "wakediff diff traces/a.csv",
      "wakediff explain --row 5 traces/a.csv",
      "",
      "1 more finding left out",
    ])
    expect(elementsOf(one, "system-out")[1]!.text).toContain("note starved: the title")
  })

  it("fails a trace whose errors are all left out", () => {
    const one = parsedXml(junit(view({ runs: [run({ findings: [] })] })).file)
    expect(elementsOf(one, "failure")[0]!.attributes).toEqual({ type: "failed", message: "fails on starved" })
  })

  it("fails for an error that is about no single trace", () => {
    const one = parsedXml(junit(view({ findings: [finding({ trace: null })], runs: [] })).file)
    expect(elementsOf(one, "testcase")[0]!.children.map(({ name }) => name)).toEqual([
      "failure",
      "system-out",
    ])
  })
})

/** A run with so many findings of a level. */
const many = (count: number, level: Level, changes: Partial<ReportFinding> = {}) =>
  run({
    findings: Array.from({ length: count }, (_, at) =>
      finding({ level, title: `${level} ${at}`, ...changes }),
    ),
  })

const commandsOf = (one: ReportView) =>
  github(one)
    .log!.split("\n")
    .map((line) => workflowCommand(line)!)
const bare = (runs: ReportView["runs"], refused: ReportView["refused"] = []) =>
  view({ runs, refused, findings: [] })

describe("github", () => {
  it("annotates the line of a trace's file", () => {
    expect(github(bare([run({ findings: [finding()] })])).log).toBe(
      "::error file=traces/a.csv,line=6,title=wakediff diff%3A starved::the title%0Aa detail%0Aanother detail" +
        "%0Awakediff diff traces/a.csv%0Awakediff explain --row 5 traces/a.csv",
    )
  })

  it.each([
    ["11 errors", bare([many(11, "error")]), { error: 10, notice: 1 }, "1 more finding "],
    ["10 errors", bare([many(10, "error")]), { error: 10 }, null],
    ["10 notes", bare([many(10, "note")]), { notice: 10 }, null],
    ["11 notes", bare([many(11, "note")]), { notice: 10 }, "2 more findings "],
    [
      "10 notes and 11 warnings",
      bare([many(10, "note"), many(11, "warning")]),
      { warning: 10, notice: 10 },
      "2 more findings ",
    ],
    ["some left out", bare([run({ findings: [], findingsLeftOut: 7 })]), { notice: 1 }, "7 more findings "],
    [
      "11 refused",
      bare(
        [],
        Array.from({ length: 11 }, () => refusal()),
      ),
      { error: 10, notice: 1 },
      "1 more ",
    ],
  ])("shows at most ten of a level, and counts the rest: %s", (_, one, counts, rest) => {
    const commands = commandsOf(one)
    expect(
      Object.fromEntries(
        Array.from(
          Map.groupBy(commands, ({ name }) => name),
          ([name, all]) => [name, all.length],
        ),
      ),
    ).toEqual(counts)
    if (rest !== null) expect(commands.at(-1)!.data.startsWith(rest)).toBe(true)
    else expect(commands.at(-1)!.data).not.toMatch(/more finding/)
  })

  it("shows the worst of every trace before the second of any", () => {
    const commands = commandsOf(
      bare([many(20, "error"), run({ findings: [finding({ title: "its worst" })] })]),
    )
    expect(commands.map(({ data }) => data.split("\n")[0]).slice(0, 3)).toEqual([
      "error 0",
      "its worst",
      "error 1",
    ])
  })

  it("has a summary that is short, and says where the rest is", () => {
    const { texts } = pageOf(github(bare([many(20, "error")])).file)
    expect(texts.filter((text) => text.startsWith("10. "))).toHaveLength(1)
    expect(texts.filter((text) => text.startsWith("11. "))).toEqual([])
    expect(texts).toContain("Left out: 10 findings.")
    expect(texts.join("")).toContain("write the whole report.")
  })

  it("keeps a summary below GitHub's limit: whole sections, and how many are left out", () => {
    const cells = Array.from({ length: 20 }, () => "ä".repeat(1000))
    const rows = Array.from({ length: 200 }, () => ({ cells, tone: "bad" as const }))
    const big = { title: "big", header: cells, rows, note: null }
    const small = view().tables[0]!
    const { file } = github(view({ headline: "h".repeat(2 ** 21), tables: [big, small] }))
    expect(Buffer.byteLength(file)).toBeLessThan(2 ** 20)
    const { texts } = pageOf(file)
    expect(texts).not.toContain("big")
    expect(texts).toContain("waits")
    expect(texts.join("\n")).toMatch(/Left out: 3 findings, 1 section too long for a summary\./)
    const longRows = { ...small, rows: Array.from({ length: 103 }, () => small.rows[0]!) }
    expect(github(view({ tables: [longRows] })).file).toContain("a note; 3 more rows left out")
  })
})

const logOf = (one: ReportView) => JSON.parse(sarif(one).file)

const resultsOf = (one: ReportView) => logOf(one).runs[0].results
const printsOf = (one: ReportView): ReadonlyArray<string> =>
  resultsOf(one).map(
    (result: { partialFingerprints: Record<string, string> }) => result.partialFingerprints["wakediff/v1"],
  )

describe("sarif", () => {
  it("is what the published schema says", () => {
    expect(sarifErrors(logOf(view()))).toEqual([])
    expect(sarifErrors({ ...logOf(view()), more: 1 })).not.toEqual([])
  })

  it("has a result for each finding, with its rule, place and commands", () => {
    expect(resultsOf(bare([run({ findings: [finding()] })]))).toEqual([
      {
        ruleId: "starved",
        ruleIndex: 0,
        level: "error",
        message: { text: "the title\nrow 5 (line 6), 480.189 ms, a2\na detail\nanother detail" },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: "traces/a.csv" }, region: { startLine: 6 } },
          },
        ],
        partialFingerprints: { "wakediff/v1": expect.stringMatching(/^[0-9a-f]{64}:1$/) },
        properties: {
          row: 5,
          timeUs: 480_189,
          entity: "a2",
          commands: ["wakediff diff traces/a.csv", "wakediff explain --row 5 traces/a.csv"],
        },
      },
    ])
  })

  it.each([
    ["./traces/a b.csv", "traces/a%20b.csv"],
    ["/tmp/100%/ä:1.csv", "file:///tmp/100%25/%C3%A4%3A1.csv"],
    ["../x?#.csv", "../x%3F%23.csv"],
    ["\ud800.csv", "%EF%BF%BD.csv"],
  ])("a path is a reference: %j", (trace, uri) => {
    const [result] = resultsOf(bare([run({ findings: [finding({ trace, line: null })] })]))
    expect(result.locations).toEqual([{ physicalLocation: { artifactLocation: { uri } } }])
  })

  it("what is about no single trace is about all", () => {
    const [result] = resultsOf(
      view({ findings: [finding({ trace: null })], runs: [many(0, "note"), many(0, "note")] }),
    )
    expect(result.locations).toHaveLength(2)
  })

  it("fingerprints stay when rows shift, and differ where findings do", () => {
    const before = printsOf(
      bare([run({ findings: [finding(), finding(), finding({ identity: ["a", "b"] })] })]),
    )
    const later = { row: 105, line: 106, timeUs: 1, title: "as it is said later", details: [] }
    const others = [
      finding({ identity: ["ab"] }),
      finding(later),
      finding({ ...later, identity: ["a", "b"] }),
    ]
    const after = printsOf(bare([run({ findings: [...others, finding(later)] })]))
    expect(new Set(before).size).toBe(3)
    const apart = printsOf(
      bare([run({ findings: [["ab"], ["a", "b"]].map((identity) => finding({ identity })) })]),
    )
    expect(apart[0]!.slice(0, 64)).not.toBe(apart[1]!.slice(0, 64))
    expect(before[1]).toBe(before[0]!.replace(/1$/, "2"))
    expect(after.filter((print) => before.includes(print)).toSorted()).toEqual(before.toSorted())
  })

  it("says which traces are refused and how much is left out", () => {
    const [{ invocations }] = logOf(view()).runs
    expect(invocations[0].executionSuccessful).toBe(false)
    const said = invocations[0].toolExecutionNotifications.map(
      (one: { message: { text: string } }) => one.message.text,
    )
    expect(said).toEqual(["traces/torn.csv:3:4: no number", "3 more findings left out"])
  })

  it("has no more results than GitHub takes, the worst of all, and texts that it shows whole", () => {
    const long = finding({ title: `${"x".repeat(1022)}🦀 and more` })
    const big = bare([many(25_010, "note"), run({ findings: [long] })])
    const results = resultsOf(big)
    expect(results).toHaveLength(25_000)
    expect(results[0].message.text).toBe(`${"x".repeat(1022)}…`)
    expect(sarif(big).file).toContain("11 more findings left out")
  })
})
