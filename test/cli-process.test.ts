/** What only a process of its own shows: standard input, colours, closed pipes, signals. */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { expect, it } from "@effect/vitest"
import { commandLine } from "../src/domain/text.ts"
import { program, recording, spawned } from "./support/command.ts"
import { compressors } from "./support/compress.ts"

const name = "postfix-stats-page"
const verify = [...program, "verify", "--against", "1.7-post-fix"] as const

it.each([
  ["plain", () => gunzipSync(readFileSync(recording(name)))],
  ...compressors.map(
    (one) => [one.name, () => one.compress(gunzipSync(readFileSync(recording(name))))] as const,
  ),
] as const)("reads a trace from standard input: %s", async (_, input) => {
  const { out, err, code } = await spawned([...verify, "--json", "-"], { input: input() })
  expect([code, err]).toEqual([0, ""])
  expect(JSON.parse(out).runs).toMatchObject([
    { trace: "-", rows: 16120, verdict: "conforms", command: "wakediff verify --against 1.7-post-fix -" },
  ])
})

it("standard input that is no trace is refused", async () => {
  const { out, err, code } = await spawned([...program, "check", "-"], {
    input: Buffer.from("PK\x03\x04 a zip"),
  })
  expect([code, out]).toEqual([3, ""])
  expect(err).toMatch(/^wakediff: -/)
})

const colour = "\x1b["

it.each([
  [{}, false],
  [{ FORCE_COLOR: "1" }, true],
  [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false],
])("colours a pipe with %j: %s", async (env, expected) => {
  const { out, code } = await spawned([...verify, recording(name)], { env })
  expect(code).toBe(0)
  expect(out.includes(colour)).toBe(expected)
})

it("a closed pipe ends the printing, not the run: the exit code stays", async () => {
  const line = commandLine([...verify, "traces"])
  const { out, err } = await spawned(["bash", "-c", `${line} | head -n 1; echo "code \${PIPESTATUS[0]}"`])
  expect(err).toBe("")
  expect(out).toMatch(/^traces\/\S+ {2}(conforms|deviates|inconclusive) .*\ncode 1\n$/)
})

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s in the middle of a trace: nothing half-printed, exit %i", async (signal, expected) => {
  const rows = gunzipSync(readFileSync(recording(name))).toString()
  const { out, err, code } = await spawned([...verify, "--json", recording("prefix-stats-page"), "-"], {
    input: rows.slice(0, rows.length / 2),
    // Long enough for the process to come to the end of what it is given, and to wait for more.
    started: (kill) => setTimeout(() => kill(signal), 3000),
  })
  expect([code, out]).toEqual([expected, ""])
  expect(err).toBe("wakediff: interrupted\n")
})
