/** The gate: what is compared, what is written when, and how it ends. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import { repository } from "./support/command.ts"
import {
  ci,
  ciDocument,
  doctor,
  filesOf,
  put,
  small,
  useCorpusFolder,
  write,
} from "./support/corpus-folder.ts"

useCorpusFolder()

const names = Object.keys(small).toSorted()
const accept = ci("--update", "all")

describe("baselines", () => {
  it.effect("are written when asked for, and then nothing differs", () =>
    Effect.gen(function* () {
      const first = yield* ci()
      expect(first.code).toBe(1)
      expect(first.out).toContain("3 traces: 3 missing")
      expect(first.out).toContain("wakediff ci --update missing")
      expect(existsSync("reports")).toBe(false)

      expect((yield* accept).code).toBe(0)
      const files = filesOf("reports").map(([path]) => path)
      expect(files).toEqual(
        [
          ...names.flatMap((name) => [`reports/${name}.json`, `reports/${name}.md`]),
          "reports/README.md",
        ].toSorted(),
      )
      const again = yield* ci()
      expect([again.code, again.out.split("\n").at(-1)]).toEqual([0, "3 traces: 3 same"])
    }),
  )

  it.effect("hold nothing that changes without the outcomes: other folder, other jobs, the same bytes", () =>
    Effect.gen(function* () {
      yield* accept
      const written = filesOf("reports")
      expect(written.map(([, text]) => text).join("")).not.toContain(process.cwd())
      rmSync("reports", { recursive: true })
      yield* ci("--update", "all", "--jobs", "2")
      expect(filesOf("reports")).toEqual(written)
      rmSync("reports", { recursive: true })
      process.chdir("traces")
      yield* ci(join(process.cwd()), "--baseline", "../reports", "--update", "missing")
      process.chdir("..")
      expect(filesOf("reports")).toEqual(written)
    }),
  )

  const doctored: ReadonlyArray<readonly [file: string, from: string, to: string, says: string]> = [
    ["starved.json", '"starved": 1', '"starved": 0', "starved under 1.7-pre-fix: 0 → 1"],
    ["starved.json", '"starved": 1', '"starved": 0', "waits of applets"],
    ["deep/herd.json", '"herd": 4', '"herd": 0', "wakes, herd under 1.7-post-fix: 0 → 4"],
    ["confused.json", '"rows": ', '"rows": 1', "         rows: "],
    ["confused.md", "#", "##", "the page of the baseline: another one → as the outcomes are"],
    ["README.md", "#", "##", "README.md, is not as they are"],
  ]
  it.effect.each(doctored)("a doctored %s is found: %s", ([file, from, to, says]) =>
    Effect.gen(function* () {
      yield* accept
      doctor(`reports/${file}`, from, to)
      const run = yield* ci()
      expect(run.out).toContain(says)
      expect(run.code).toBe(1)
      expect(run.out).toContain("wakediff ci --update changed")
      expect((yield* ci("--update", "changed")).code).toBe(0)
      expect((yield* ci()).code).toBe(0)
    }),
  )

  it.effect("a trace that has changed is told first", () =>
    Effect.gen(function* () {
      yield* accept
      put("parked-applet", "traces/starved.csv")
      const { out, code } = yield* ci()
      const lines = out.split("\n")
      const at = lines.findIndex((line) => line.startsWith("changed"))
      expect(lines[at + 1]).toMatch(/the trace itself has changed: \d+ rows \(sha256 .*\) → \d+ rows/)
      expect(code).toBe(1)
    }),
  )

  it.effect("a left-over one fails, and goes with --update all; a file that is not ours stays", () =>
    Effect.gen(function* () {
      yield* accept
      rmSync("traces/starved.csv")
      write("reports/notes.md", "# mine\n")
      const run = yield* ci()
      expect(run.code).toBe(1)
      expect(run.out).toContain("1 obsolete baseline, of no trace:\n  starved")
      expect(run.out).toContain("--update all")
      expect((yield* ci("--update", "changed")).code).toBe(1)
      expect(existsSync("reports/starved.json")).toBe(true)
      expect((yield* accept).code).toBe(0)
      expect([existsSync("reports/starved.json"), existsSync("reports/starved.md")]).toEqual([false, false])
      expect(existsSync("reports/notes.md")).toBe(true)
      expect((yield* ci()).code).toBe(0)
    }),
  )

  it.effect("--update missing leaves a changed one as it is", () =>
    Effect.gen(function* () {
      yield* accept
      doctor("reports/starved.json", '"starved": 1', '"starved": 0')
      rmSync("reports/confused.json")
      const before = readFileSync("reports/starved.json", "utf8")
      const run = yield* ci("--update", "missing")
      expect(run.code).toBe(1)
      expect(run.out).toContain("1 written, 1 same, 1 changed")
      expect(readFileSync("reports/starved.json", "utf8")).toBe(before)
    }),
  )

  const damage: ReadonlyArray<readonly [text: string, says: RegExp]> = [
    ['{\n  "schema": ', /^wakediff: reports\/starved\.json:2:13: .*no JSON/],
    ["[]", /reports\/starved\.json: .*not what its schema says/],
    ['{"schema": "wakediff/baseline/2"}', /schema: /],
  ]
  it.effect.each(damage)("a damaged one is refused, file and line named: %s", ([text, says]) =>
    Effect.gen(function* () {
      yield* accept
      writeFileSync("reports/starved.json", text)
      const run = yield* ci()
      expect(run.err).toMatch(says)
      expect(run.code).toBe(3)
      expect(run.out).toContain("2 same, 1 refused")
      expect((yield* ci("--update", "all")).code).toBe(0)
      expect((yield* ci()).code).toBe(0)
    }),
  )

  it.effect("a folder that is none cannot be written", () =>
    Effect.gen(function* () {
      writeFileSync("reports", "")
      const run = yield* ci("--update", "all")
      expect([run.code, run.err]).toEqual([5, expect.stringContaining("reports cannot be written")])
    }),
  )
})

describe("in CI", () => {
  it.effect.each(["all", "changed", "missing"])(
    "--update %s is refused, and nothing is ever written",
    (mode) =>
      Effect.gen(function* () {
        yield* accept
        rmSync(".wakediff", { recursive: true })
        doctor("reports/starved.json", '"starved": 1', '"starved": 0')
        const before = filesOf(".")
        vi.stubEnv("CI", "true")
        const run = yield* ci("--update", mode)
        expect([run.code, run.err]).toEqual([2, expect.stringContaining("in CI")])
        expect((yield* ci()).code).toBe(1)
        expect(filesOf(".")).toEqual(before)
        for (const none of ["0", "false", ""]) {
          vi.stubEnv("CI", none)
          expect((yield* ci("--update", mode)).code).toBeLessThan(2)
        }
      }),
  )
})

describe("traces", () => {
  it.effect("that cannot be read are refused, by name, and their baselines are not obsolete", () =>
    Effect.gen(function* () {
      yield* accept
      writeFileSync("traces/starved.csv", "no trace\n")
      const run = yield* ci("--jobs", "2")
      expect(run.code).toBe(3)
      expect(run.err).toContain("traces/starved.csv:1")
      expect(run.out).not.toContain("obsolete")
      const document = yield* ciDocument()
      expect(document.refused).toMatchObject([{ trace: "traces/starved.csv", line: 1 }])
    }),
  )

  it.effect("of a folder that is not there take no baseline with them", () =>
    Effect.gen(function* () {
      yield* accept
      const before = filesOf("reports")
      expect((yield* ci("nowhere", "--update", "all")).code).toBe(3)
      expect(filesOf("reports")).toEqual(before)
    }),
  )

  it.effect("one of them alone is compared with its own baseline", () =>
    Effect.gen(function* () {
      yield* accept
      const run = yield* ci("traces/deep/herd.csv")
      expect([run.code, run.out.split("\n").at(-1)]).toEqual([0, "1 trace: 1 same"])
      expect((yield* ci("traces/deep", "--update", "all")).code).toBe(0)
      expect(existsSync("reports/starved.json")).toBe(true)
    }),
  )

  it.effect("two that would share a baseline are a mistake, and so is standard input", () =>
    Effect.gen(function* () {
      put("herd", "traces/starved.csv.gz")
      expect(yield* ci()).toMatchObject({ code: 2, err: expect.stringContaining("same baseline") })
      expect(yield* ci("-")).toMatchObject({ code: 2, err: expect.stringContaining("standard input") })
    }),
  )

  const hostile = [
    "\x1b[31mred",
    "::error::x",
    "<img src=x>",
    "a|b`c",
    "\u202egpj",
    "=1+1",
    "new\nline",
    "-rf",
    "%2e%2e",
  ]
  it.effect("with hostile names are compared as any, and nothing of their names is live", () =>
    Effect.gen(function* () {
      rmSync("traces", { recursive: true })
      for (const name of hostile) put("herd", `traces/${name}.csv`)
      expect((yield* accept).code).toBe(0)
      rmSync("reports/::error::x.json")
      rmSync("traces/new\nline.csv")
      const run = yield* ci()
      expect(run.code).toBe(1)
      // eslint-disable-next-line no-control-regex -- what must not be there
      expect(run.out).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]|^::error/m)
      expect(run.out).toContain("of no trace:\n  new\\x0aline")
      const list = readFileSync("reports/README.md", "utf8")
      // eslint-disable-next-line no-control-regex -- what must not be there
      expect(list).not.toMatch(/<img|\u202e|\x1b/)
      expect(list).toContain("](%3Cimg%20src%3Dx%3E.md)")
      expect((yield* accept).code).toBe(0)
    }),
  )
})

/** Which of four shards a trace is in. */
const shardOf = (name: string) =>
  Effect.gen(function* () {
    for (const index of [1, 2, 3, 4]) {
      const { runs } = yield* ciDocument("--shard", `${index}/4`)
      if (runs.some((run: { readonly name: string }) => run.name === name)) return index
    }
    return 0
  })

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

describe("shards", () => {
  it.effect("together are the whole, whichever of them is done when", () =>
    Effect.gen(function* () {
      yield* accept
      doctor("reports/starved.json", '"starved": 1', '"starved": 0')
      put("abandoned", "traces/new.csv")
      for (const name of ["old", "older", "oldest"])
        writeFileSync(`reports/${name}.json`, '{ "schema": "wakediff/" }')
      const whole = yield* ciDocument()
      const shards = []
      for (const index of [3, 1, 2]) shards.push(yield* ciDocument("--shard", `${index}/3`))
      expect(shards.flatMap(({ runs }) => runs).toSorted(byName)).toEqual(whole.runs)
      expect(shards.flatMap(({ obsolete }) => obsolete).toSorted()).toEqual(whole.obsolete)
      expect(shards.map(({ index }) => index).toSorted()).toEqual([
        whole.index,
        "not looked at",
        "not looked at",
      ])
      for (const shard of shards) {
        expect([shard.corpus, shard.settings, shard.traces]).toEqual([whole.corpus, whole.settings, 4])
      }
    }),
  )

  it.effect("keep their traces when others are added", () =>
    Effect.gen(function* () {
      const before = yield* shardOf("starved")
      put("abandoned", "traces/a.csv")
      put("parked-applet", "traces/z.csv")
      expect(yield* shardOf("starved")).toBe(before)
    }),
  )

  it.effect.each(["0/2", "3/2", "1", "1/0", "x/y"])("%s is none", (shard) =>
    Effect.map(ci("--shard", shard), ({ code }) => expect(code).toBe(2)),
  )
})

describe("--last-failed", () => {
  it.effect("compares what failed last, until it passes", () =>
    Effect.gen(function* () {
      expect(yield* ci("--last-failed")).toMatchObject({ code: 2, err: expect.stringContaining("no run") })
      yield* accept
      doctor("reports/starved.json", '"starved": 1', '"starved": 0')
      yield* ci()
      expect(readFileSync(".wakediff/.gitignore", "utf8")).toBe("*\n")
      expect((yield* ci("--last-failed")).out).toContain("1 trace: 1 changed")
      expect((yield* ci("--last-failed", "--update", "changed")).out).toContain("1 trace: 1 written")
      const none = yield* ci("--last-failed")
      expect([none.code, none.err]).toEqual([0, expect.stringContaining("no trace failed")])
    }),
  )
})

it.effect(
  "a semantics that the configuration names fails where a trace deviates, though the baseline has it",
  () =>
    Effect.gen(function* () {
      const against = ["--against", "1.7-pre-fix", "--fail-on", "fixed"]
      const first = yield* ci(...against, "--update", "all")
      expect(first.code).toBe(1)
      const { out, code } = yield* ci(...against)
      expect(code).toBe(1)
      expect(out).toContain("fails: deviates")
      expect(out).not.toContain("To accept")
      const document = yield* ciDocument(...against)
      expect(document.runs.flatMap((run: { readonly fails: unknown }) => run.fails)).toContain("deviates")
      // What is asked is part of the outcome.
      expect((yield* ci()).out).toContain(
        "what the trace must behave as: 1.7-pre-fix → nothing in particular",
      )
    }),
)

it.effect("reports are made of it", () =>
  Effect.gen(function* () {
    yield* accept
    doctor("reports/starved.json", '"starved": 1', '"starved": 0')
    rmSync("reports/confused.json")
    mkdirSync("out")
    yield* ci(
      "--report",
      "markdown=out/ci.md",
      "--report",
      "junit=out/ci.xml",
      "--report",
      "json=out/ci.json",
    )
    expect(readFileSync("out/ci.md", "utf8")).toContain("confused has no baseline")
    expect(readFileSync("out/ci.xml", "utf8")).toContain('failures="2"')
    expect(JSON.parse(readFileSync("out/ci.json", "utf8")).schema).toBe("wakediff/ci/1")
  }),
)

it("the project's own configuration says of each recording what made it", () => {
  const { traces } = JSON.parse(readFileSync(join(repository, "traces/expected.json"), "utf8"))
  for (const [name, { semantics, without }] of Object.entries<{ semantics: string; without: Array<string> }>(
    traces,
  )) {
    const kept = JSON.parse(
      readFileSync(join(repository, `reports/${name.replace(".csv.gz", ".json")}`), "utf8"),
    )
    expect(kept.verify).toMatchObject({ semantics, without })
  }
})
