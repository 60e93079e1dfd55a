/** The real corpus: the gate that CI runs, on one thread and on two, and that it would be found if it were doctored. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { spawn } from "node:child_process"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "@effect/vitest"
import { program, repository, spawned } from "./support/command.ts"
import { filesOf } from "./support/corpus-folder.ts"

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wakediff-corpus-"))
  symlinkSync(join(repository, "traces"), join(folder, "traces"))
  cpSync(join(repository, "wakediff.config.json"), join(folder, "wakediff.config.json"))
  cpSync(join(repository, "reports"), join(folder, "reports"), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

const kept = (name: string): string => join(folder, "reports", name)
const env = { CI: "1" }
const words = () => ["ci", "--json", join(folder, "traces"), "--baseline", join(folder, "reports")]

it("the baselines of traces/ are as they were: npm run reports writes them", async () => {
  const { out, err, code } = await spawned([...program, "ci"], { env })
  expect([err, code, out.split("\n").at(-2)]).toEqual(["", 0, "16 traces: 16 same"])
})

it("canary: a doctored, a missing and a left-over baseline are found, on two threads as on one", async () => {
  const doctored = kept("haproxy-1.7.0-spoe-starvation.json")
  writeFileSync(doctored, readFileSync(doctored, "utf8").replaceAll('"starved": 4', '"starved": 0'))
  rmSync(kept("postfix-reserve-4.json"))
  renameSync(kept("prefix-stats-page.json"), kept("nobody.json"))
  const [one, two] = await Promise.all(
    ["1", "2"].map((jobs) =>
      spawned([...program, ...words(), "--jobs", jobs, "--config", join(folder, "wakediff.config.json")], {
        env,
      }),
    ),
  )
  expect(two).toEqual(one)
  const { runs, obsolete } = JSON.parse(one!.out)
  expect(one!.code).toBe(1)
  expect(obsolete).toEqual(["nobody"])
  const failing = runs.filter(({ status }: { status: string }) => status !== "same")
  expect(failing.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual([
    ["haproxy-1.7.0-spoe-starvation", "changed"],
    ["postfix-reserve-4", "missing"],
    ["prefix-stats-page", "missing"],
  ])
  expect(failing[0].changes).toContainEqual(
    expect.objectContaining({
      subject: "waits of applets, starved under 1.7-pre-fix",
      before: "0",
      after: "4",
      direction: "worse",
    }),
  )
})

it("an interruption ends the threads, and leaves no baseline half written", async () => {
  const target = join(folder, "fresh")
  mkdirSync(target)
  const child = spawn(
    program[0],
    [...program.slice(1), "ci", "--baseline", target, "--update", "all", "--jobs", "2"],
    {
      cwd: repository,
      env: { ...process.env, CI: "" },
    },
  )
  child.stdout.once("data", () => child.kill("SIGINT"))
  const code = await new Promise((done) => child.on("exit", done))
  expect(code).toBe(130)
  const written = filesOf(target)
  for (const [path, text] of written) {
    if (path.endsWith(".json")) expect(JSON.parse(text).schema).toBe("wakediff/baseline/1")
    expect(path).toMatch(/\.(?:json|md)$/)
    expect(text.endsWith("\n")).toBe(true)
  }
})
