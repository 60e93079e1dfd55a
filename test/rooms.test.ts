/** A canary: the linter must refuse every import that goes against the direction of the rooms. */
import { spawnSync } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { expect, it } from "@effect/vitest"

const repository = resolve(import.meta.dirname, "..")

/** What each room may see; ARCHITECTURE.md says why. */
const sees: Readonly<Record<string, ReadonlyArray<string>>> = {
  domain: [],
  semantics: ["domain"],
  replay: ["domain", "semantics"],
  analysis: ["domain", "semantics", "replay"],
  traces: ["domain"],
  reports: ["domain"],
  cli: ["domain", "semantics", "replay", "analysis", "traces", "reports"],
}

const rooms = Object.keys(sees)
const targets = (room: string) => [
  ...rooms.filter((other) => other !== room).map((other) => `../${other}/thing.ts`),
  "../main.ts",
  "../index.ts",
]
const allowed = (room: string, target: string) => sees[room]?.some((other) => target.includes(`/${other}/`))

it("forbidden imports are found, allowed ones are not", () => {
  const folder = mkdtempSync(join(tmpdir(), "wakediff-rooms-"))
  try {
    copyFileSync(join(repository, ".oxlintrc.json"), join(folder, ".oxlintrc.json"))
    const expected: Array<string> = []
    for (const room of rooms) {
      mkdirSync(join(folder, "src", room), { recursive: true })
      for (const [index, target] of targets(room).entries()) {
        const file = `src/${room}/import${index}.ts`
        writeFileSync(join(folder, file), `export { thing } from "${target}"\n`)
        if (!allowed(room, target)) expected.push(file)
      }
    }
    const oxlint = join(repository, "node_modules", "oxlint", "bin", "oxlint")
    const run = spawnSync(process.execPath, [oxlint, "--format=json"], { cwd: folder, encoding: "utf8" })
    const report: { diagnostics: Array<{ code: string; filename: string }> } = JSON.parse(run.stdout)
    const found = report.diagnostics.filter((one) => one.code.includes("no-restricted-imports"))
    expect(found.map((one) => one.filename).toSorted()).toEqual(expected.toSorted())
    expect(run.status).not.toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
