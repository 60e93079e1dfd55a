/** Where the configuration is, and how it is loaded. */
import { Effect } from "effect"
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import { BadUsage, reasonOf } from "../../domain/errors.ts"
import { inert } from "../../domain/text.ts"
import { decodeConfig, type CiConfig } from "./config.ts"

/** The names that a configuration file may have. */
export const configNames = ["json", "js", "mjs", "ts"].map((ending) => `wakediff.config.${ending}`)

export interface LoadedConfig {
  /** The folder that its paths start from: absolute. */
  readonly folder: string
  readonly config: CiConfig
}

/** The configuration of the file that is named, else of the nearest one from a folder on upwards; empty where there is none. */
export const loadConfig = (
  named: string | undefined,
  workingFolder: string,
): Effect.Effect<LoadedConfig, BadUsage> =>
  Effect.gen(function* () {
    const file = named ?? (yield* nearestConfig(workingFolder))
    if (file === undefined) return { folder: workingFolder, config: {} }
    return { folder: dirname(file), config: yield* decodeConfig(file, yield* valueOf(file)) }
  })

/** The configuration file of the folder, or of the nearest folder above it that has one. */
export const nearestConfig = (folder: string): Effect.Effect<string | undefined, BadUsage> => {
  const there = configNames.map((name) => join(folder, name)).filter((path) => existsSync(path))
  if (there.length > 1) {
    return Effect.fail(
      new BadUsage({
        problem: `there are two configurations: ${there.map(inert).join(" and ")}`,
        advice: "Keep one of them",
      }),
    )
  }
  const above = dirname(folder)
  return there.length === 1 || above === folder ? Effect.succeed(there[0]) : nearestConfig(above)
}

const valueOf = (file: string): Effect.Effect<unknown, BadUsage> =>
  Effect.tryPromise({
    try: () => (file.endsWith(".json") ? readFile(file, "utf8").then(parsed) : imported(file)),
    catch: (error) => new BadUsage({ problem: `${inert(file)}: ${problemOf(error)}`, advice: undefined }),
  })

const parsed = (text: string): unknown => JSON.parse(text.replace(/^\uFEFF/, ""))

/** Node runs JavaScript and, with its types stripped, TypeScript; the configuration is the default export. */
const imported = async (file: string): Promise<unknown> => {
  const module: { readonly default?: unknown } = await import(pathToFileURL(file).href)
  if (module.default === undefined) throw new SyntaxError("it has no default export")
  return module.default
}

const problemOf = (error: unknown): string => {
  const reason = reasonOf(error)
  if (reason === "ENOENT") return "there is no such file"
  return inert(error instanceof Error ? error.message : reason)
}
