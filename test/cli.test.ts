/** Every command end to end, in this process: what it prints where, and its exit code. */
import { gzipSync } from "node:zlib"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import { commands } from "../src/cli/commands.ts"
import { columnNames } from "../src/domain/vocabulary.ts"
import { parts } from "../src/semantics/registry.ts"
import { semanticsNames } from "../src/semantics/semantics.ts"
import { recording, wakediff } from "./support/command.ts"

const preamble = [
  "# wakediff trace 1",
  "# tune.buffers.limit: 5",
  "# tune.buffers.reserve: 2",
  "# pool.allocated: 3",
  "# pool.used: 0",
]
const trace = (rows: ReadonlyArray<string>, more: ReadonlyArray<string> = []): string =>
  `${[...preamble, ...more, columnNames.join(","), ...rows].join("\n")}\n`

let folder = ""
const at = (name: string): string => join(folder, name)

beforeAll(() => {
  vi.stubEnv("NO_COLOR", "1")
  folder = mkdtempSync(join(tmpdir(), "wakediff-cli-"))
  mkdirSync(at("several/deeper"), { recursive: true })
  mkdirSync(at("none"))
  writeFileSync(at("empty.csv"), trace([]))
  writeFileSync(at("several/a.csv"), trace([]))
  writeFileSync(at("several/deeper/b.csv.gz"), gzipSync(trace([])))
  writeFileSync(at("broken.csv"), trace(["0,5,stream_nwe,s1,,,,,,,,,,,,,"]))
  writeFileSync(at("torn.csv"), `${trace(["0,5,stream_new,s1,,,,,,,,,,,,,"])}1,7,strea`)
  writeFileSync(
    at("hostile.csv"),
    trace(["0,5,applet_new,a1,,\x1b[31mred\u202e,,,,,,,,,,,"], ["# workload: \x1b]0;owned\x07\x9b31m"]),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

const postFix = ["verify", "--against", "1.7-post-fix"]

it.effect("a trace that conforms: exit 0, the verdict first", () =>
  Effect.gen(function* () {
    const { out, err, code } = yield* wakediff(...postFix, recording("postfix-stats-page"))
    expect([code, err]).toEqual([0, ""])
    expect(out.split("\n")[0]).toBe(
      "traces/postfix-stats-page.csv.gz  conforms to 1.7-post-fix  0 deviations in 16120 rows",
    )
    expect(out).toMatch(/^ {2}confirmed {6}applet-waiter, applet-runs/m)
  }),
)

it.effect("a trace that deviates: exit 1, where, what and which rule says so", () =>
  Effect.gen(function* () {
    const { out, code } = yield* wakediff(...postFix, recording("haproxy-1.7.0-stats-page"))
    expect(code).toBe(1)
    expect(out).toMatch(/ deviates from 1\.7-post-fix {2}\d+ deviations in 16740 rows$/m)
    expect(out).toMatch(/deviates at +line \d+ \(row \d+, \d+\.\d{3} ms\): \w+/)
    expect(out).toMatch(/expected +\S.*\n +recorded +\S.*\n +rule +[\w-]+, after the fix: /)
    expect(out).toContain("src/stream_interface.c: stream_int_notify (a73e59b69)")
    expect(out).toMatch(/only the first is sure to be a cause/)
  }),
)

it.effect("the deviation is at the line that it names", () =>
  Effect.gen(function* () {
    const { out } = yield* wakediff(...postFix, "--json", recording("haproxy-1.7.0-stats-page"))
    const { first } = JSON.parse(out).runs[0]
    const { gunzipSync } = yield* Effect.promise(() => import("node:zlib"))
    const lines = gunzipSync(readFileSync(recording("haproxy-1.7.0-stats-page")))
      .toString()
      .split("\n")
    expect(lines[first.line - 1]).toMatch(new RegExp(`^${first.row},\\d+,${first.event},${first.entity},`))
  }),
)

it.effect("a trace that reaches nothing is inconclusive: exit 4", () =>
  Effect.gen(function* () {
    const { out, code } = yield* wakediff(...postFix, at("empty.csv"))
    expect(code).toBe(4)
    expect(out).toMatch(/ inconclusive under 1\.7-post-fix /)
    expect(out).toMatch(/^ {2}why /m)
  }),
)

it.effect("type confusion is explained, and no deviation", () =>
  Effect.gen(function* () {
    const { out, code } = yield* wakediff(
      "verify",
      "--against",
      "1.7-pre-fix",
      recording("haproxy-1.7.0-spoe-crash"),
    )
    expect(code).toBe(0)
    expect(out).toMatch(/undefined +row 11758, type confusion: .*x15/)
  }),
)

it.effect("of several traces each is reported, in the order of the arguments; the gravest code wins", () =>
  Effect.gen(function* () {
    const names = [
      recording("haproxy-1.7.0-stats-page"),
      at("broken.csv"),
      recording("postfix-stats-page"),
      at("gone.csv"),
    ]
    const { out, err, code } = yield* wakediff(...postFix, ...names)
    expect(code).toBe(3)
    const blocks = out.split("\n\n")
    expect(blocks.map((block) => block.split(" ")[0])).toEqual([names[0], names[2], "4"])
    expect(blocks.at(-1)).toBe("4 traces: 1 conforms, 1 deviates, 2 refused")
    expect(err.split("\n")).toEqual([
      expect.stringMatching(/^wakediff: .*broken\.csv:7:5: event: expected .*stream_nwe/),
      expect.stringMatching(/^wakediff: .*gone\.csv: expected a trace, found no such file or folder/),
    ])
  }),
)

it.effect("the same as one document, with the refused beside the runs", () =>
  Effect.gen(function* () {
    const names = [at("broken.csv"), recording("postfix-stats-page"), at("gone.csv")]
    const { out, err, code } = yield* wakediff(...postFix, "--json", ...names)
    expect(code).toBe(3)
    const document = JSON.parse(out)
    expect(Object.keys(document)).toEqual(["schema", "runs", "refused"])
    expect(document.schema).toBe("wakediff/verify/1")
    expect(document.runs.map((run: { trace: string }) => run.trace)).toEqual([names[1]])
    expect(document.refused).toEqual([
      { trace: names[0], line: 7, column: 5, error: expect.stringContaining("stream_nwe") },
      { trace: names[2], line: 0, column: 0, error: expect.stringContaining("no such file") },
    ])
    expect(err.split("\n").length).toBe(2)
  }),
)

it.effect.each([
  [...postFix, "--without", "applet-runs", "--allow-torn", recording("partial-applet-still-parked")],
  ["verify", "--against", "1.6-pre-fix", "--max-inflated", "100MiB", recording("backport-1.6-stats-page")],
])("the command that a run prints shows the run again: %j", (words) =>
  Effect.gen(function* () {
    const first = yield* wakediff(...words, "--json")
    const { command } = JSON.parse(first.out).runs[0]
    const again = yield* wakediff(...command.split(" ").slice(1), "--json")
    expect(again).toEqual(first)
  }),
)

it.effect("a folder is every trace below it, each once; one without traces is refused", () =>
  Effect.gen(function* () {
    const { out, err, code } = yield* wakediff(
      "check",
      "--json",
      at("several/a.csv"),
      at("several"),
      at("none"),
    )
    const { runs, refused } = JSON.parse(out)
    expect(runs.map((run: { trace: string }) => run.trace)).toEqual([
      at("several/a.csv"),
      at("several/deeper/b.csv.gz"),
    ])
    expect(refused.map((one: { trace: string }) => one.trace)).toEqual([at("none")])
    expect(err).toContain(at("none"))
    expect(code).toBe(3)
  }),
)

it.effect("check says what a trace is", () =>
  Effect.gen(function* () {
    const { out, code } = yield* wakediff("check", recording("haproxy-1.7.0-spoe-crash"))
    expect(code).toBe(0)
    expect(out).toMatch(/^traces\/haproxy-1\.7\.0-spoe-crash\.csv\.gz {2}readable {2}11759 rows, csv\.gz$/m)
    expect(out).toMatch(/tune\.buffers\.limit +8$/m)
    expect(out).toMatch(/57 streams, 4 tasks, 17 applets, 30 SPOE contexts/)
    expect(out).toMatch(/<CLI> +12/)
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100)
  }),
)

it.effect("check counts what is in the file", () =>
  Effect.gen(function* () {
    const { out } = yield* wakediff("check", "--json", recording("postfix-stats-page"))
    const run = JSON.parse(out).runs[0]
    const { gunzipSync } = yield* Effect.promise(() => import("node:zlib"))
    const rows = gunzipSync(readFileSync(recording("postfix-stats-page")))
      .toString()
      .trimEnd()
      .split("\n")
      .filter((line) => /^\d/.test(line))
      .map((line) => line.split(","))
    const count = (column: number, word: string) => rows.filter((row) => row[column] === word).length
    expect(run.rows).toBe(rows.length)
    for (const [event, found] of Object.entries(run.events)) expect(found, event).toBe(count(2, event))
    for (const [site, found] of Object.entries(run.sites)) expect(found, site).toBe(count(5, site))
    expect(run.firstTimeUs).toBe(Number(rows[0]![1]))
    expect(run.lastTimeUs).toBe(Number(rows.at(-1)![1]))
    const streams = new Set(rows.flatMap((row) => [row[3], row[4]]).filter((id) => id?.startsWith("s")))
    expect(run.entities.stream).toBe(streams.size)
  }),
)

it.effect("a torn last line is refused, or dropped and said", () =>
  Effect.gen(function* () {
    const refused = yield* wakediff("check", at("torn.csv"))
    expect([refused.code, refused.out]).toEqual([3, ""])
    expect(refused.err).toMatch(/torn\.csv:8.*--allow-torn/)
    const dropped = yield* wakediff("check", "--allow-torn", at("torn.csv"))
    expect(dropped.code).toBe(0)
    expect(dropped.out).toMatch(/torn +line 8, dropped/)
    expect(dropped.err).toMatch(/^wakediff: .*torn\.csv:8: the torn last line was dropped/)
  }),
)

it.effect("a bound on decompression is kept", () =>
  Effect.gen(function* () {
    const { err, code } = yield* wakediff("check", "--max-inflated", "10KiB", recording("postfix-stats-page"))
    expect(code).toBe(3)
    expect(err).toMatch(/10 KiB.*--max-inflated/)
  }),
)

it.effect.each([
  ["check", at],
  ["verify", at],
])("nothing that a trace holds reaches the terminal as it is: %s", ([command]) =>
  Effect.gen(function* () {
    const words = command === "check" ? ["check"] : postFix
    for (const form of [[], ["--json"]]) {
      const { out } = yield* wakediff(...words, ...form, at("hostile.csv"))
      // oxlint-disable-next-line no-control-regex -- they are what is looked for
      expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/)
      if (form.length > 0 && command === "check") {
        expect(JSON.parse(out).runs[0].applets).toEqual({ "\x1b[31mred\u202e": 1 })
      }
    }
  }),
)

it.effect("semantics names every semantics and every part", () =>
  Effect.gen(function* () {
    const { out, code } = yield* wakediff("semantics")
    expect(code).toBe(0)
    for (const name of [...semanticsNames, ...parts.map((part) => part.name)]) expect(out).toContain(name)
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100)
    const { runs } = JSON.parse((yield* wakediff("semantics", "--json")).out)
    expect(runs.map((run: { parts: Array<unknown> }) => run.parts.length)).toEqual([13, 13, 16, 16])
  }),
)

it.effect.each([
  [["verify", "x.csv"], /--against/],
  [postFix, /TRACE/],
  [["check"], /TRACE/],
  [
    ["verify", "--against", "1.7-postfix", "x.csv"],
    /no semantics "1\.7-postfix"\. Did you mean 1\.7-post-fix\?/,
  ],
  [
    ["verify", "--against", "\x1b[31mnonsense", "x.csv"],
    /no semantics "\\x1b\[31mnonsense"\. There are 1\.6-pre-fix/,
  ],
  [[...postFix, "--without", "applet-run", "x.csv"], /no part "applet-run"\. Did you mean applet-runs\?/],
  [["verify", "--against", "1.6-post-fix", "--without", "spoe-margin", "x.csv"], /exists in 1\.7 only/],
  [
    ["verify", "--against", "1.7-pre-fix", "--without", "applet-runs", "x.csv"],
    /--without goes with 1\.7-post-fix/,
  ],
  [["check", "--max-inflated", "huge", "x.csv"], /--max-inflated.*huge/],
  [["check", "--jsno", "x.csv"], /--jsno/],
  [["chekc", "x.csv"], /chekc/],
] as const)("a wrong command line is answered with exit 2: %j", ([words, expected]) =>
  Effect.gen(function* () {
    const { out, err, code } = yield* wakediff(...words)
    expect([code, out]).toEqual([2, ""])
    expect(err).toMatch(/^wakediff: /)
    expect(err).toMatch(expected)
  }),
)

it.effect.each(commands.map(({ name }) => name))("the help of %s teaches", (name) =>
  Effect.gen(function* () {
    const { out, err, code } = yield* wakediff(name, "--help")
    expect([code, err]).toEqual([0, ""])
    expect(out).toMatch(new RegExp(`EXAMPLES[^]*wakediff ${name}`))
    const examples = out.slice(out.indexOf("EXAMPLES"))
    for (const [flag] of examples.matchAll(/--[\w-]+/g))
      expect(out.slice(0, out.indexOf("EXAMPLES"))).toContain(flag)
    expect((yield* wakediff("--help")).out).toMatch(new RegExp(`^  ${name} `, "m"))
  }),
)
