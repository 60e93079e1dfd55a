import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { vocabularyHeader } from "./native-vocabulary.ts"

/** What the native program prints: what a `Verifier` says of a trace, and how long it took. */
export interface NativeSaid {
  readonly rowCount: number
  readonly deviationCount: number
  readonly missingCount: number
  readonly unjudgedRowCount: number
  readonly outcomeRowCount: number
  readonly awaitedCount: number
  /** -1 where there is none; so is `undefinedRow`. */
  readonly firstRow: number
  readonly firstKind: string | null
  readonly undefinedRow: number
  readonly undefinedKind: string | null
  /** allocated, used, task_rq, applet_rq, and the length of the wait queue. */
  readonly pool: ReadonlyArray<number>
  /** The rows that went by in `seconds`: of a replay, those of all its passes. */
  readonly timedRowCount: number
  readonly seconds: number
  readonly peakMegabytes: number
}

const sources = path.join(import.meta.dirname, "native")

const compiler = process.env["CC"] ?? "cc"

export const hasCompiler = (): boolean => spawnSync(compiler, ["--version"], { stdio: "ignore" }).status === 0

/** The program in the folder that it was compiled into. */
export const nativeProgram = (folder: string): string => path.join(folder, "native")

/** Compiles the native program into a folder, and gives its path. Throws what the compiler says. */
export const compileNative = (folder: string): string => {
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, "vocabulary.h"), vocabularyHeader())
  const program = nativeProgram(folder)
  const files = ["csv.c", "verifier.c", "main.c"].map((name) => path.join(sources, name))
  const flags = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", `-I${folder}`, "-o", program]
  const { status, stderr, error } = spawnSync(compiler, [...flags, ...files], { encoding: "utf8" })
  if (status !== 0) throw new Error(`${compiler}: ${error?.message ?? stderr}`)
  return program
}

const run = (command: ReadonlyArray<string>): NativeSaid => {
  const [first = "", ...words] = command
  const { status, signal, stdout, stderr } = spawnSync(first, words, { encoding: "utf8" })
  if (status !== 0) throw new Error(`${command.join(" ")} ended with ${signal ?? status}: ${stderr}`)
  return JSON.parse(stdout) as NativeSaid
}

/** `launcher`: what comes before the program. */
export const nativeVerify = (
  program: string,
  file: string,
  after: number,
  launcher: ReadonlyArray<string> = [],
): NativeSaid => run([...launcher, program, "verify", file, String(after)])

/** Rows in memory, replayed `passes` times, after two that are not counted. */
export const nativeReplay = (program: string, file: string, after: number, passes: number): NativeSaid =>
  run([program, "replay", file, String(after), String(passes)])
