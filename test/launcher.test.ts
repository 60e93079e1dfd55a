/** The launcher, against bundles that are made up: which Node runs, and what of its ending comes through. */
import { spawn, spawnSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { afterEach, beforeEach, expect, it } from "@effect/vitest"

const repository = resolve(import.meta.dirname, "..")
const pinned = join(repository, "node_modules", `node-${process.platform}-${process.arch}`)

let folder = ""
let launcher = ""

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wakediff-launcher-"))
  launcher = join(folder, "bin", "wakediff.js")
  for (const name of ["bin", "dist", "node_modules"]) mkdirSync(join(folder, name))
  copyFileSync(join(repository, "bin", "wakediff.js"), launcher)
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }')
  // Loaded first, it makes the Node that runs the tests look like an old one.
  writeFileSync(
    join(folder, "old.cjs"),
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.1.0" } })',
  )
})

afterEach(() => rmSync(folder, { recursive: true }))

const bundle = (source: string) => writeFileSync(join(folder, "dist", "main.js"), source)
const pin = () =>
  symlinkSync(pinned, join(folder, "node_modules", `node-${process.platform}-${process.arch}`))
const old = () => ["--require", join(folder, "old.cjs")]
const launch = (options: ReadonlyArray<string>, ...words: ReadonlyArray<string>) =>
  spawnSync(process.execPath, [...options, launcher, ...words], { encoding: "utf8", input: "fed" })

it("runs the bundle with the words it was given and keeps the exit code", () => {
  bundle("console.log(process.argv.slice(2).join('|')); process.exitCode = 3")
  const run = launch([], "a b", "--c")
  expect([run.stdout, run.status]).toEqual(["a b|--c\n", 3])
})

it("says what to do when the bundle is missing", () => {
  const run = launch([])
  expect(run.stderr).toMatch(/^wakediff: the bundle is missing .*npm ci\n$/)
  expect(run.status).toBe(70)
})

it("says what to install when Node is old and none is pinned", () => {
  bundle("")
  const run = launch(old())
  expect(run.stderr).toMatch(/^wakediff: .*needs Node 24.*this is Node 20\.1\.0.*install/)
  expect(run.status).toBe(70)
})

it.runIf(existsSync(pinned))("an old Node hands over to the pinned one", () => {
  bundle(
    "process.stdin.on('data', (d) => { console.log(String(d), process.argv.slice(2).join('|'), process.version); process.exitCode = 4 })",
  )
  pin()
  const run = launch(old(), "a b")
  expect(run.stdout).toMatch(/^fed a b v(2[4-9]|[3-9]\d)\./)
  expect(run.status).toBe(4)
})

it.runIf(existsSync(pinned)).each([
  ["SIGINT", "process.on('SIGINT', () => process.exit(130))", 130],
  ["SIGTERM", "", 143],
] as const)("passes %s on and keeps what comes of it", async (signal, handler, expected) => {
  bundle(`${handler}\nsetInterval(() => {}, 1000); console.log('up')`)
  pin()
  const child = spawn(process.execPath, [...old(), launcher], { stdio: ["ignore", "pipe", "inherit"] })
  child.stdout.once("data", () => child.kill(signal))
  const code = await new Promise((done) => child.once("exit", done))
  expect(code).toBe(expected)
})
