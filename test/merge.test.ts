/** The results of shards make the result of the whole run, or none. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { wakediff } from "./support/command.ts"
import { ci, put, useCorpusFolder, write } from "./support/corpus-folder.ts"

useCorpusFolder()

/** Runs a corpus in shards, and as a whole. */
const sharded = (count: number) =>
  Effect.gen(function* () {
    put("herd", "traces/another.csv")
    put("parked-applet", "traces/z.csv")
    for (const at of [1, 2, 3, 4]) write(`traces/broken-${at}.csv`, `# wakediff trace 1\nno ${at}\n`)
    for (let index = 1; index <= count; index++)
      yield* ci("--shard", `${index}/${count}`, "--report", `json=shards/${index}.json`)
    return yield* ci("--report", "json=whole.json")
  })

const read = (path: string): string => readFileSync(path, "utf8")

/** Changes a key of a shard's result. */
const changed = (path: string, key: string, value: unknown): void =>
  writeFileSync(path, JSON.stringify({ ...JSON.parse(read(path)), [key]: value }))

describe("all shards", () => {
  it.effect.each([1, 2, 3, 7])("of %s make the whole, byte for byte", (count) =>
    Effect.gen(function* () {
      const whole = yield* sharded(count)
      const merged = yield* wakediff("merge", "shards", "--report", "json=merged.json")
      expect(read("merged.json")).toBe(read("whole.json"))
      expect(merged.code).toBe(whole.code)
      const printed = yield* ci("--json")
      expect((yield* wakediff("merge", "shards", "--json")).out).toBe(printed.out)
    }),
  )

  it.effect("in any order, with what is accepted and what is obsolete", () =>
    Effect.gen(function* () {
      yield* ci("--update", "all")
      write("reports/gone.json", '{"schema": "wakediff/baseline/1"}\n')
      for (const index of [1, 2]) yield* ci("--shard", `${index}/2`, "--report", `json=${index}.json`)
      const whole = yield* ci("--report", "json=whole.json")
      const merged = yield* wakediff("merge", "2.json", "1.json", "--report", "json=merged.json")
      expect([merged.code, read("merged.json")]).toEqual([whole.code, read("whole.json")])
      expect(merged.code).toBe(1)
      expect(merged.out).toContain("gone")
    }),
  )

  it.effect("end as the whole run: 0 where nothing differs", () =>
    Effect.gen(function* () {
      yield* ci("--update", "all")
      for (const index of [1, 2]) yield* ci("--shard", `${index}/2`, "--report", `json=shards/${index}.json`)
      const { code, out } = yield* wakediff("merge", "shards")
      expect([code, out.split("\n").at(-1)]).toEqual([0, "3 traces: 3 same"])
    }),
  )
})

describe("what does not belong together is refused", () => {
  const cases: Readonly<Record<string, readonly [() => void, RegExp]>> = {
    "another version": [
      () => changed("shards/2.json", "version", "9.9.9"),
      /2\.json: is of another version.*"9\.9\.9"/,
    ],
    "other settings": [() => changed("shards/2.json", "settings", "x"), /2\.json: is of other settings/],
    "another corpus": [() => changed("shards/2.json", "corpus", "x"), /2\.json: is of another corpus/],
    "other baselines": [() => changed("shards/2.json", "baseline", "x"), /2\.json: is of another folder/],
    "another count": [
      () => changed("shards/2.json", "shard", { index: 2, count: 4 }),
      /2\.json: is one of 4 shards, and shards\/1\.json one of 3/,
    ],
    "a shard twice": [
      () => writeFileSync("shards/4.json", read("shards/2.json")),
      /4\.json: is shard 2 a second time, after shards\/2\.json/,
    ],
    "a shard that is not there": [
      () => changed("shards/3.json", "shard", { index: 1, count: 3 }),
      /second time/,
    ],
    "a whole run among shards": [
      () => changed("shards/2.json", "shard", null),
      /2\.json: is one of 1 shards/,
    ],
    "fewer traces than there are": [
      () => [1, 2, 3].forEach((at) => changed(`shards/${at}.json`, "runs", [])),
      /the shards hold \d of 9 traces/,
    ],
    "damaged JSON": [() => writeFileSync("shards/2.json", '{\n  "schema": oops'), /2\.json:2:13: is no JSON/],
    "a cut-off file": [
      () => writeFileSync("shards/2.json", read("shards/2.json").slice(0, -9)),
      /2\.json:\d+:\d+: is no JSON/,
    ],
    "no result": [() => writeFileSync("shards/2.json", "{}"), /2\.json: has no key "schema"/],
    "another command's result": [
      () => writeFileSync("shards/2.json", '{"schema":"wakediff/check/1","runs":[],"refused":[]}'),
      /2\.json: is a result of 'wakediff check'/,
    ],
  }

  it.effect.each(Object.entries(cases))("%s", ([, [act, says]]) =>
    Effect.gen(function* () {
      yield* sharded(3)
      act()
      const { code, err, out } = yield* wakediff("merge", "shards", "--report", "markdown=page.md")
      expect(err).toMatch(says)
      expect([code, out, err.trim().split("\n").length]).toEqual([3, "", 1])
      expect(() => read("page.md")).toThrow("ENOENT")
    }),
  )

  it.effect("missing shards are named", () =>
    Effect.gen(function* () {
      yield* sharded(3)
      expect((yield* wakediff("merge", "shards/2.json")).err).toContain("the shards 1/3, 3/3 are missing")
      expect((yield* wakediff("merge", "shards/2.json", "shards/1.json")).err).toContain(
        "the shard 3/3 is missing",
      )
    }),
  )

  it.effect("a folder without results, and none at all", () =>
    Effect.gen(function* () {
      mkdirSync("empty")
      const empty = yield* wakediff("merge", "empty")
      expect([empty.code, empty.err]).toEqual([3, expect.stringContaining("empty: has no result in it")])
      const missing = yield* wakediff("merge", "missing")
      expect([missing.code, missing.err]).toEqual([
        3,
        expect.stringContaining("missing: cannot be read (ENOENT)"),
      ])
    }),
  )
})
