import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, vi } from "@effect/vitest"
import { Effect } from "effect"
import { repository, wakediff, type Ran } from "./command.ts"

/** The fixtures that a small corpus is made of, by the names of their traces. */
export const small = { "deep/herd": "herd", starved: "starved-applet", confused: "type-confusion" } as const

/** A working folder with a small corpus in `traces`, for every test anew: outside CI, until a test says otherwise. */
export const useCorpusFolder = (): void => {
  const home = process.cwd()
  beforeEach(() => {
    process.chdir(mkdtempSync(join(tmpdir(), "wakediff-ci-")))
    for (const [name, fixture] of Object.entries(small)) put(fixture, `traces/${name}.csv`)
    vi.stubEnv("CI", "")
    vi.stubEnv("NO_COLOR", "1")
  })
  afterEach(() => {
    const folder = process.cwd()
    process.chdir(home)
    rmSync(folder, { recursive: true })
    vi.unstubAllEnvs()
  })
}

/** Copies a fixture's trace. */
export const put = (fixture: string, path: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  cpSync(join(repository, "fixtures", fixture, "trace.csv"), path)
}

export const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** Every file below a folder with its bytes, in the order of their paths. */
export const filesOf = (folder: string): ReadonlyArray<readonly [string, string]> =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => [path, readFileSync(path, "utf8")])

/** Changes a text of a file. A text that is not there is a mistake of the test. */
export const doctor = (path: string, from: string, to: string): void => {
  const text = readFileSync(path, "utf8")
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`)
  writeFileSync(path, text.replaceAll(from, to))
}

/** `wakediff ci`, in this thread unless the words say otherwise. */
export const ci = (...words: ReadonlyArray<string>): Effect.Effect<Ran> =>
  wakediff("ci", ...(words.includes("--jobs") ? [] : ["--jobs", "1"]), ...words)

/** The document of a run. */
export const ciDocument = (...words: ReadonlyArray<string>) =>
  Effect.map(ci("--json", ...words), ({ out }) => JSON.parse(out))
