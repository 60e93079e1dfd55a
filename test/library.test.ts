/** The package as it is shipped: the example through its public name, the types, and the launcher. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeAll, expect, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { TestConsole } from "effect/testing"
import { recording, repository, spawned } from "./support/command.ts"

const newest = (folder: string): number =>
  Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  )

/** `npm ci` has built it; who changes the sources afterwards gets a fresh one here. */
beforeAll(() => {
  const built = statSync(join(repository, "dist", "index.js"), { throwIfNoEntry: false })
  if (built !== undefined && built.mtimeMs > newest(join(repository, "src"))) return
  const build = spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: repository, encoding: "utf8" })
  expect(build.stderr + build.stdout).toBe("")
})

const example = (trace: string) => spawned([process.execPath, "examples/verify.ts", trace])

it("the example runs through the package's own name", async () => {
  const { out, err, code } = await example(recording("postfix-stats-page"))
  expect([code, err]).toEqual([0, ""])
  expect(out).toMatch(
    /^1\.7-pre-fix: deviates, \d+ deviations\n {2}line \d+: expected .*, recorded .*\n1\.7-post-fix: conforms, 0 deviations\n$/,
  )
  const missing = await example("missing.csv")
  expect([missing.code, missing.out]).toEqual([3, ""])
  expect(missing.err).toMatch(/^missing\.csv: expected a trace/)
})

it("the README's example runs as it stands, and says what the trace's name says", async () => {
  const readme = readFileSync(join(repository, "README.md"), "utf8")
  const [, source = ""] = /^```ts\n([^]*?)^```$/m.exec(readme) ?? []
  expect(source).toContain('from "wakediff"')
  const { out, err, code } = await spawned([
    process.execPath,
    "--input-type=module-typescript",
    "--eval",
    source,
  ])
  expect([code, err]).toEqual([0, ""])
  expect(out).toMatch(/^1\.7-post-fix without notify-release conforms \{/)
})

it.effect("a reader of the library gets the trace's error as a value, typed", () =>
  Effect.gen(function* () {
    const { choose, describeChoice, isChoiceFailure, readTrace, semantics, verify, check, diff, BadTrace } =
      yield* Effect.promise(() => import("wakediff"))
    expect(semantics.names).toContain("1.6-post-fix")
    const choice = choose("1.7-post-fix", ["notify-release"])
    if (isChoiceFailure(choice)) throw new Error(choice._tag)
    expect(describeChoice(choice)).toBe("1.7-post-fix without notify-release")
    const exit = yield* Effect.exit(verify(readTrace("missing.csv"), choice))
    expect(Exit.isFailure(exit) && exit.cause.reasons[0]?._tag).toBe("Fail")
    const error = yield* Effect.flip(verify(readTrace("missing.csv"), choice))
    expect(error).toBeInstanceOf(BadTrace)
    const trace = recording("haproxy-1.7.0-stats-page")
    expect((yield* check(readTrace(trace))).rows).toBe(16740)
    const same = yield* diff(readTrace(trace), { from: choice, to: choice })
    expect(same.waits.changes.regressed + same.waits.changes.fixed).toBe(0)
    expect(isChoiceFailure(choose("nonsense"))).toBe(true)
    expect(yield* TestConsole.logLines).toEqual([])
  }),
)

it("somebody else's strict TypeScript program can use the types", () => {
  const folder = mkdtempSync(join(tmpdir(), "wakediff-types-"))
  try {
    symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"))
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }')
    const compilerOptions = {
      target: "es2024",
      module: "nodenext",
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      types: ["node"],
      paths: { wakediff: [join(repository, "dist/types/index.d.ts")] },
    }
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }))
    writeFileSync(
      join(folder, "program.ts"),
      `import { Effect } from "effect"
import { choose, isChoiceFailure, readTrace, verify, type BadTrace, type Verdict } from "wakediff"
const choice = choose("1.7-post-fix")
if (isChoiceFailure(choice)) throw new Error(choice._tag)
export const verdict: Effect.Effect<Verdict, BadTrace> = Effect.map(verify(readTrace("x"), choice), (v) => v.verdict)
// @ts-expect-error -- the error is typed: it cannot be left out
export const wrong: Effect.Effect<Verdict> = verdict
`,
    )
    const tsc = join(repository, "node_modules", "typescript", "bin", "tsc")
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" })
    expect(stdout).toBe("")
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it("the launcher runs the bundle", async () => {
  const { out, err, code } = await spawned([
    process.execPath,
    "bin/wakediff.js",
    "check",
    "--json",
    recording("postfix-stats-page"),
  ])
  expect([code, err]).toEqual([0, ""])
  expect(JSON.parse(out).runs[0].rows).toBe(16120)
})
