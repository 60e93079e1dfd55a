import { spawn } from "node:child_process"
import { join, resolve } from "node:path"
import { Effect, Layer } from "effect"
import { Command } from "effect/cli"
import { TestConsole } from "effect/testing"
import { parsingOnly } from "../../src/cli/platform.ts"
import { presentation, reportFailure, teardownAfter } from "../../src/cli/present.ts"
import { root } from "../../src/cli/root.ts"

export const repository = resolve(import.meta.dirname, "..", "..")

/** The path of a kept recording, as a user in the repository's folder writes it. */
export const recording = (name: string): string => `traces/${name}.csv.gz`

export interface Ran {
  readonly out: string
  readonly err: string
  readonly code: number
}

/** Runs a command line as main does, in this process. The console is that of the test: one run a test, or sum them up. */
export const wakediff = (...words: ReadonlyArray<string>): Effect.Effect<Ran> =>
  Effect.gen(function* () {
    const [outBefore, errBefore] = [
      (yield* TestConsole.logLines).length,
      (yield* TestConsole.errorLines).length,
    ]
    const exit = yield* Command.runWith(root, { version: "1.2.3" })(words).pipe(
      Effect.onError(reportFailure),
      Effect.provide(Layer.merge(parsingOnly, presentation)),
      Effect.exit,
    )
    let code = -1
    teardownAfter(() => undefined)(exit, (exitCode) => {
      code = exitCode
    })
    const out = (yield* TestConsole.logLines).slice(outBefore).join("\n")
    const err = (yield* TestConsole.errorLines).slice(errBefore).join("\n")
    return { out, err, code }
  }).pipe(Effect.provide(TestConsole.layer))

/** The program's sources as a process of their own: node and what comes before the user's words. */
export const program: readonly [string, ...Array<string>] = [
  process.execPath,
  join(repository, "src", "main.ts"),
]

export interface Process {
  readonly env?: Readonly<Record<string, string>>
  /** Written to standard input, which then stays open unless this is a Buffer. */
  readonly input?: Buffer | string
  /** Called when the process has been given its input. */
  readonly started?: (kill: (signal: NodeJS.Signals) => void) => void
}

/** Runs a command line, node's own words first, in a process of its own. */
export const spawned = (
  [command, ...words]: readonly [string, ...Array<string>],
  { env = {}, input = Buffer.alloc(0), started }: Process = {},
): Promise<Ran> =>
  new Promise((done, failed) => {
    const { FORCE_COLOR: _force, NO_COLOR: _no, ...inherited } = process.env
    const child = spawn(command, words, { cwd: repository, env: { ...inherited, ...env } })
    let [out, err] = ["", ""]
    child.stdout.on("data", (chunk) => (out += chunk))
    child.stderr.on("data", (chunk) => (err += chunk))
    child.on("error", failed)
    child.on("close", (code) => done({ out, err, code: code ?? -1 }))
    // A process that does not read all of its input is no failure of the test.
    child.stdin.on("error", () => undefined)
    if (typeof input === "string") child.stdin.write(input)
    else child.stdin.end(input)
    started?.((signal) => child.kill(signal))
  })
