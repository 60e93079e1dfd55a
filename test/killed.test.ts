/** A run that is killed at any moment leaves no half-written report, trace or baseline: 150 times. */
import { spawn } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "@effect/vitest"
import { program, repository } from "./support/command.ts"
import { Random } from "./support/random.ts"

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wakediff-killed-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const fixture = (name: string): string => join(repository, "fixtures", name, "trace.csv")

/** Runs a command line in the folder until it ends, or is killed; gives how long that was. */
const killedAfter = (words: ReadonlyArray<string>, ms: number): Promise<number> =>
  new Promise((done) => {
    const [node, ...own] = program
    const { CI: _, ...env } = process.env
    const startMs = performance.now()
    const child = spawn(node, [...own, ...words], { cwd: folder, stdio: "ignore", env })
    const timer = setTimeout(() => child.kill("SIGKILL"), ms)
    child.on("close", () => {
      clearTimeout(timer)
      done(performance.now() - startMs)
    })
  })

const filesIn = (path: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(path)
      .toSorted()
      .map((name) => [name, readFileSync(join(path, name), "utf8")]),
  )

/**
 * Kills a command 50 times, two runs at a time, at moments from its start to its usual end. Before each, what it writes is made
 * old; after each, every file must be old or whole. A run that is let alone then leaves what is whole, and no part file.
 */
const killOften = async (words: ReadonlyArray<string>, target: string, old: string): Promise<void> => {
  const usualMs = await killedAfter(words, 60_000)
  const whole = filesIn(target)
  expect(whole.size).toBeGreaterThan(0)
  const seed = Date.now() % 1_000_000
  const random = new Random(seed)
  for (let round = 0; round < 25; round++) {
    for (const name of whole.keys()) writeFileSync(join(target, name), old)
    const moments = [random.below(1.2 * usualMs), random.below(1.2 * usualMs)]
    await Promise.all(moments.map((ms) => killedAfter(words, ms)))
    const files = filesIn(target)
    for (const [name, text] of whole)
      expect([old, text], `${name}, seed ${seed}, round ${round}`).toContain(files.get(name))
  }
  await killedAfter(words, 60_000)
  expect(filesIn(target)).toEqual(whole)
}

it("reports, 50 times", { timeout: 300_000 }, async () => {
  mkdirSync(join(folder, "out"))
  const requests = ["json", "html", "junit"].flatMap((kind) => ["--report", `${kind}=out/${kind}`])
  await killOften(["diff", fixture("shrunk-starvation"), ...requests], join(folder, "out"), "old\n")
})

it("a conversion, 50 times", { timeout: 300_000 }, async () => {
  mkdirSync(join(folder, "out"))
  const trace = join(repository, "traces", "postfix-spoe-mixed.csv.gz")
  await killOften(["convert", trace, "-o", "out/run.csv"], join(folder, "out"), "old\n")
})

it("baselines, 50 times", { timeout: 300_000 }, async () => {
  mkdirSync(join(folder, "traces"))
  for (const name of ["herd", "starved-applet", "type-confusion"])
    cpSync(fixture(name), join(folder, "traces", `${name}.csv`))
  const words = ["ci", "--update", "all", "--jobs", "1"]
  await killOften(words, join(folder, "reports"), "old\n")
})
