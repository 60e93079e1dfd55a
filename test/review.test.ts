/** Walking through what has changed, on a real pseudo-terminal. */
import { execFileSync, spawn } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { commandLine } from "../src/domain/text.ts"
import { program, spawned, wakediff } from "./support/command.ts"
import { ci, doctor, filesOf, useCorpusFolder, write } from "./support/corpus-folder.ts"

useCorpusFolder()

const hasTerminal = (() => {
  try {
    return execFileSync("script", ["--version"], { encoding: "utf8" }).includes("util-linux")
  } catch {
    return false
  }
})()

const keys = { down: "\x1b[B", enter: "\r", interrupt: "\x03" } as const
const answers = {
  skip: keys.enter,
  accept: keys.down + keys.enter,
  reject: keys.down.repeat(2) + keys.enter,
  quit: keys.down.repeat(3) + keys.enter,
  interrupt: keys.interrupt,
} as const
type Answer = keyof typeof answers

/** Runs `wakediff review` on a terminal, and gives one answer to each question that it asks. */
const reviewed = (
  ...given: ReadonlyArray<Answer>
): Promise<{ readonly out: string; readonly code: number }> =>
  new Promise((done) => {
    const line = commandLine([...program, "review", "--jobs", "1"])
    const child = spawn("script", ["-qec", line, "/dev/null"], {
      cwd: process.cwd(),
      env: { ...process.env, CI: "", NO_COLOR: "1", TERM: "xterm" },
    })
    let out = ""
    let asked = 0
    child.stdout.on("data", (chunk) => {
      out += chunk
      const questions = out.split(/\d+ of \d+\r?\n/).length - 1
      const isDrawn = out
        .split(/\d+ of \d+\r?\n/)
        .at(-1)!
        .includes("quit")
      if (questions > asked && isDrawn) child.stdin.write(answers[given[asked++] ?? "quit"])
    })
    child.on("close", (code) => done({ out, code: code ?? -1 }))
  })

describe.skipIf(!hasTerminal)("on a terminal (skipped where there is no script of util-linux)", () => {
  const accepted = ci("--update", "all")

  it.effect("accepts, rejects and skips, and says what is left", () =>
    Effect.gen(function* () {
      yield* accepted
      const right = filesOf("reports")
      doctor("reports/starved.json", '"starved": 1', '"starved": 0')
      doctor("reports/confused.json", '"undefined": 1', '"undefined": 7')
      const wrong = readFileSync("reports/confused.json", "utf8")
      write("reports/gone.json", '{"schema": "wakediff/baseline/1"}\n')
      const first = yield* Effect.promise(() => reviewed("reject", "accept", "skip"))
      expect(first.out).toContain("1 accepted, 1 rejected, 1 left")
      expect(first.code).toBe(1)
      expect(readFileSync("reports/confused.json", "utf8")).toBe(wrong)
      expect(existsSync("reports/gone.json")).toBe(true)
      const second = yield* Effect.promise(() => reviewed("accept", "accept"))
      expect([second.code, filesOf("reports")]).toEqual([0, right])
      expect((yield* ci()).code).toBe(0)
    }),
  )

  it.effect.each(["interrupt", "quit"] as const)("%s keeps what was accepted", (end) =>
    Effect.gen(function* () {
      const { out, code } = yield* Effect.promise(() => reviewed("accept", end))
      expect(out).toContain("1 accepted, 0 rejected, 2 left")
      expect(code).toBe(end === "interrupt" ? 130 : 1)
      expect(filesOf("reports").map(([path]) => path)).toEqual([
        "reports/README.md",
        "reports/confused.json",
        "reports/confused.md",
      ])
    }),
  )

  it.effect("has nothing to ask where nothing differs", () =>
    Effect.gen(function* () {
      yield* accepted
      const { out, code } = yield* Effect.promise(() => reviewed())
      expect([code, out]).toEqual([0, expect.stringContaining("nothing to review")])
    }),
  )
})

describe("where nobody can answer", () => {
  it("there is no terminal", async () => {
    const { code, err } = await spawned([...program, "review"], { env: { CI: "" } })
    expect(code).toBe(2)
    expect(err).toContain(
      "there is no terminal. 'wakediff ci' shows what has changed, and 'wakediff ci --update",
    )
  })

  it.effect("it is CI", () =>
    Effect.gen(function* () {
      process.env["CI"] = "true"
      writeFileSync("untouched", "")
      const { code, err } = yield* wakediff("review")
      expect([code, existsSync("reports")]).toEqual([2, false])
      expect(err).toContain("CI is set")
    }),
  )
})
