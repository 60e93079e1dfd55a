/** Reports are written whole or not at all, and what cannot be written is said before the long work begins. */
import { spawnSync } from "node:child_process"
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { reportKindNames } from "../src/reports/kinds.ts"
import { program, recording, spawned, wakediff } from "./support/command.ts"

const folder = mkdtempSync(join(tmpdir(), "wakediff-outputs-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)
const trace = "fixtures/shrunk-starvation/trace.csv"

describe("--report", () => {
  it.effect("writes every kind in one run, makes folders, and prints what it prints without", () =>
    Effect.gen(function* () {
      const requests = reportKindNames.flatMap((kind) => ["--report", `${kind}=${at(`all/of/${kind}`)}`])
      const plain = yield* wakediff("diff", trace)
      const ran = yield* wakediff("diff", trace, ...requests)
      // The kind github has its annotations in the log.
      expect(ran.out.startsWith(plain.out)).toBe(true)
      expect(ran).toMatchObject({ code: plain.code, err: "" })
      expect(readdirSync(at("all/of")).toSorted()).toEqual([...reportKindNames].toSorted())
      for (const kind of reportKindNames)
        expect(statSync(at(`all/of/${kind}`)).size, kind).toBeGreaterThan(50)
    }),
  )

  it.effect("to standard output: the report alone", () =>
    Effect.gen(function* () {
      const { out, code } = yield* wakediff("diff", trace, "--report", "markdown=-")
      const file = yield* wakediff("diff", trace, "--report", `markdown=${at("same.md")}`)
      expect(`${out}\n`).toBe(readFileSync(at("same.md"), "utf8"))
      expect([code, file.code]).toEqual([0, 0])
    }),
  )

  it.effect("the file of a link is replaced and the link stays; so do the file's permissions", () =>
    Effect.gen(function* () {
      writeFileSync(at("target.md"), "old\n")
      chmodSync(at("target.md"), 0o640)
      symlinkSync(at("target.md"), at("link.md"))
      yield* wakediff("diff", trace, "--report", `markdown=${at("link.md")}`)
      expect(lstatSync(at("link.md")).isSymbolicLink()).toBe(true)
      expect(readFileSync(at("target.md"), "utf8")).toContain("# Who waits")
      expect(statSync(at("target.md")).mode & 0o777).toBe(0o640)
    }),
  )

  it.effect("a job's summary is added to", () =>
    Effect.gen(function* () {
      const path = at("summary.md")
      writeFileSync(path, "# Before\n")
      const { out, code } = yield* Effect.promise(() =>
        spawned([...program, "diff", "--fail-on", "changed", trace, "--report", `github=${path}`], {
          env: { GITHUB_STEP_SUMMARY: path },
        }),
      )
      expect(code).toBe(1)
      expect(out).toContain("\n::error ")
      expect(readFileSync(path, "utf8")).toMatch(/^# Before\n# Who waits/)
    }),
  )

  const clashes: ReadonlyArray<readonly [name: string, words: ReadonlyArray<string>, said: string]> = [
    ["no kind", ["--report", "markdwon=x.md"], "did you mean markdown?"],
    ["no path", ["--report", "markdown"], "after markdown there is no path"],
    ["an empty path", ["--report", "markdown="], "after markdown there is no path"],
    [
      "the trace itself",
      ["--report", `markdown=./${trace}`],
      `--report "./${trace}" is the trace itself. Name another file`,
    ],
    ["one path twice", ["--report", "json=x.y", "--report", "junit=./x.y"], 'two reports go to "./x.y"'],
    [
      "standard output twice",
      ["--json", "--report", "junit=-"],
      "--json and a report both go to standard output",
    ],
  ]
  it.effect.each(clashes)("%s is refused: exit code 2", ([, words, said]) =>
    Effect.gen(function* () {
      const { out, err, code } = yield* wakediff("diff", trace, ...words)
      expect({ out, code }).toEqual({ out: "", code: 2 })
      expect(err).toContain(said)
    }),
  )
})

const refused = (path: string, said: string) =>
  Effect.gen(function* () {
    const { out, err, code } = yield* wakediff("diff", trace, "--report", `markdown=${path}`)
    expect(err).toBe(`wakediff: --report markdown=${path} cannot be written: ${said}`)
    return { out, code }
  })

describe("what cannot be written", () => {
  it.effect("a folder, and what is below a file, before any work", () =>
    Effect.gen(function* () {
      mkdirSync(at("folder"))
      writeFileSync(at("file"), "")
      const before = { out: "", code: 5 }
      expect(yield* refused(at("folder"), "it is a folder (EISDIR)")).toEqual(before)
      expect(yield* refused(at("file/x.md"), "a part of its path is no folder (ENOTDIR)")).toEqual(before)
      expect(yield* refused(at("a".repeat(300)), "its name is too long (ENAMETOOLONG)")).toEqual(before)
    }),
  )

  it.effect("a folder that may not be written to, before any work", () =>
    Effect.gen(function* () {
      // Even root may not write here.
      const { out, err, code } = yield* wakediff("diff", trace, "--report", "markdown=/proc/x.md")
      expect({ out, code }).toEqual({ out: "", code: 5 })
      expect(err).toMatch(/cannot be written: .*\((ENOENT|EACCES|EPERM|EROFS)\)$/)
    }),
  )

  it.effect("a full device", () =>
    Effect.gen(function* () {
      expect((yield* refused("/dev/full", "no space is left on the device (ENOSPC)")).code).toBe(5)
    }),
  )

  it("a full disk: the old report stays, and nothing else does", async ({ skip }) => {
    const disk = at("disk")
    mkdirSync(disk)
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk])
    if (mounted.status !== 0) skip("no file system can be mounted here")
    try {
      writeFileSync(join(disk, "r.html"), "old\n")
      const { err, code } = await spawned([
        ...program,
        "diff",
        trace,
        "--report",
        `html=${join(disk, "r.html")}`,
      ])
      expect(err).toContain("cannot be written: no space is left on the device (ENOSPC)")
      expect(code).toBe(5)
      expect(readdirSync(disk)).toEqual(["r.html"])
      expect(readFileSync(join(disk, "r.html"), "utf8")).toBe("old\n")
    } finally {
      spawnSync("umount", [disk])
    }
  })
})

it("an interrupted run leaves nothing behind, and the exit code is 130", async () => {
  const path = at("interrupted.md")
  const ran = await spawned([...program, "diff", "-", "--report", `markdown=${path}`], {
    input: "# wakediff trace 1\n",
    started: (kill) => {
      const timer = setInterval(() => {
        if (!readdirSync(folder).some((name) => name.startsWith("interrupted.md."))) return
        clearInterval(timer)
        kill("SIGINT")
      }, 10)
    },
  })
  expect(ran.code).toBe(130)
  expect(readdirSync(folder).filter((name) => name.startsWith("interrupted"))).toEqual([])
})

describe("render", () => {
  it.effect("makes of a saved result what the command itself would have", () =>
    Effect.gen(function* () {
      for (const command of ["diff", "verify", "diagnose"]) {
        const words = command === "verify" ? [command, "--against", "1.7-post-fix"] : [command]
        const kinds = reportKindNames.map((kind) => `${kind}=${at(`${command}-direct.${kind}`)}`)
        yield* wakediff(
          ...words,
          trace,
          recording("haproxy-1.7.0-spoe-crash"),
          ...kinds.flatMap((one) => ["--report", one]),
        )
        const rendered = kinds.map((one) => one.replace("-direct", "-rendered"))
        const { code, err } = yield* wakediff(
          "render",
          at(`${command}-direct.json`),
          ...rendered.flatMap((one) => ["--report", one]),
        )
        expect({ code, err }).toEqual({ code: 0, err: "" })
        for (const kind of reportKindNames) {
          const [direct, again] = ["direct", "rendered"].map((way) =>
            readFileSync(at(`${command}-${way}.${kind}`), "utf8"),
          )
          expect(again === direct, `${command} ${kind}`).toBe(true)
        }
      }
    }),
  )

  it.effect("without --report: the text of the command", () =>
    Effect.gen(function* () {
      const direct = yield* wakediff("verify", "--against", "1.7-post-fix", trace)
      const { out } = yield* wakediff("verify", "--against", "1.7-post-fix", trace, "--json")
      writeFileSync(at("brief.json"), out)
      expect((yield* wakediff("render", at("brief.json"))).out).toBe(direct.out)
    }),
  )

  const damaged: ReadonlyArray<readonly [string, string | undefined, RegExp]> = [
    ["nothing", undefined, /: cannot be read \(ENOENT\)\. Give a result/],
    ["no JSON", '{\n  "schema": wakediff', /:2:13: is no JSON from here on/],
    ["cut off", '{ "schema": "wakediff/diff/1",\n"runs": [', /:2:10: is no JSON from here on/],
    ["another JSON", '{ "name": "x" }', /: has no key "schema" that names a result of wakediff/],
    [
      "a later version",
      '{ "schema": "wakediff/diff/2" }',
      /is a "wakediff\/diff\/2", and this version knows/,
    ],
    [
      "a wrong key",
      '{ "schema": "wakediff/diff/1", "runs": [{ "trace": 1 }], "refused": [] }',
      /is not what its schema says: .*\["runs"\]\[0\]/,
    ],
    [
      "no reports",
      '{ "schema": "wakediff/sweep/1", "runs": [], "refused": [] }',
      /is a result of 'sweep', which has no reports/,
    ],
  ]
  it.effect.each(damaged)("%s is refused, and no report is written", ([name, text, said]) =>
    Effect.gen(function* () {
      const path = at(`damaged-${name}.json`)
      if (text !== undefined) writeFileSync(path, text)
      const { err, code } = yield* wakediff("render", path, "--report", `markdown=${at("never.md")}`)
      expect(err).toMatch(said)
      expect(code).toBe(name === "no reports" ? 2 : 3)
      expect(existsSync(at("never.md"))).toBe(false)
    }),
  )
})
