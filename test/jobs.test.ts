/** `--jobs`: whatever its number, each command prints the same bytes to each stream, writes the same reports, and ends alike. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { afterAll, beforeAll, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { reportKindNames } from "../src/reports/kinds.ts"
import { filesOf } from "./support/corpus-folder.ts"
import { program, recording, repository, spawned, wakediff } from "./support/command.ts"

const home = mkdtempSync(join(tmpdir(), "wakediff-jobs-"))
const folder = join(home, "folder")
const torn = join(home, "torn.csv")

/** Enough bytes for three threads, the largest trace in the middle, and between them what cannot be read. */
const traces = [
  "fixtures/bad-input/id-letters.csv",
  recording("haproxy-1.7.0-spoe-crash"),
  torn,
  join(home, "missing.csv"),
  folder,
  "fixtures/herd",
]

/** The first bytes of a recording, decompressed; `whole`: up to the end of a line. */
const startOf = (name: string, byteCount: number, whole: boolean): Uint8Array => {
  const bytes = gunzipSync(readFileSync(join(repository, recording(name)))).subarray(0, byteCount)
  return whole ? bytes.subarray(0, bytes.lastIndexOf("\n") + 1) : bytes
}

beforeAll(() => {
  mkdirSync(folder)
  writeFileSync(torn, startOf("prefix-stats-page", 300_001, false))
  writeFileSync(join(folder, "long.csv"), startOf("partial-applet-still-parked", 500_000, true))
  writeFileSync(join(folder, "short.csv"), startOf("haproxy-1.7.0-spoe-starvation", 200_000, true))
})
afterAll(() => rmSync(home, { recursive: true }))

const commands = [
  "verify --against 1.7-post-fix",
  "diff --fail-on starved",
  "diagnose",
  "signoff --against 1.7-post-fix",
  "check",
  "coverage",
  "sweep --limit 4,8",
]

const reporting = new Set(commands.slice(0, 4))

/** What a command prints and writes. */
const ran = (jobs: number, command: string, ...words: ReadonlyArray<string>) => {
  const place = mkdtempSync(join(home, "reports-"))
  const kinds = words.length === 0 && reporting.has(command) ? reportKindNames : []
  const reports = kinds.flatMap((name) => ["--report", `${name}=${join(place, name)}`])
  const all = [...command.split(" "), ...words, ...reports, "--jobs", String(jobs), "--allow-torn", ...traces]
  return Effect.map(wakediff(...all), (end) => ({
    ...end,
    files: filesOf(place).map(([path, text]) => [path.slice(place.length), text]),
  }))
}

it.effect.each(commands)("text, errors and reports of every kind: %s", (command) =>
  Effect.gen(function* () {
    const one = yield* ran(1, command)
    expect(one.err).toContain(`${torn}:`)
    expect(one.err).toContain("id-letters.csv:")
    expect(one.code).toBe(3)
    expect(one.files.length).toBe(reporting.has(command) ? reportKindNames.length : 0)
    for (const jobs of [2, 3]) expect(yield* ran(jobs, command)).toEqual(one)
  }),
)

it.effect.each(commands)("the document: %s", (command) =>
  Effect.gen(function* () {
    const one = yield* ran(1, command, "--json")
    const { runs, refused } = JSON.parse(one.out)
    expect([runs.length, refused.length]).toEqual([5, 2])
    expect(yield* ran(2, command, "--json")).toEqual(one)
  }),
)

it("standard input is read in its place, whatever else is read meanwhile", async () => {
  const input = readFileSync(join(repository, "fixtures/starved-applet/trace.csv"))
  const words = [
    "check",
    recording("prefix-reserve-4"),
    "-",
    recording("postfix-reserve-4"),
    recording("backport-1.7-spoe-mixed"),
  ]
  const [one, three] = await Promise.all(
    ["1", "3"].map((jobs) => spawned([...program, ...words, "--jobs", jobs], { input })),
  )
  expect(one!.code).toBe(0)
  expect(three).toEqual(one)
})

it.effect.each([...commands, "ci"])("a number of jobs that makes no sense: %s", (command) =>
  Effect.gen(function* () {
    const { err, code } = yield* wakediff(...command.split(" "), "--jobs", "0", "x")
    expect([err, code]).toEqual([expect.stringContaining("at least 1"), 2])
  }),
)

it("an interruption ends threads that are at work, whatever this one waits for", async () => {
  const words = ["sweep", "--limit", "4..60", "--jobs", "3", "traces", "-"]
  const { err, code } = await spawned([...program, ...words], {
    // Standard input that stays open: this thread waits for it.
    input: "# haproxy",
    started: (kill) => setTimeout(() => kill("SIGINT"), 2500),
  })
  expect([err, code]).toEqual(["wakediff: interrupted\n", 130])
})
