/** What one run of `wakediff ci` is to do: the flags, the configuration file, and what holds where neither says anything. */
import { Effect, Option } from "effect"
import { createHash } from "node:crypto"
import { availableParallelism } from "node:os"
import { dirname, posix, relative, resolve, sep } from "node:path"
import { BadUsage } from "../../domain/errors.ts"
import type { FailKind } from "../../domain/wait.ts"
import { chosen } from "../choice.ts"
import { failKindsOf } from "../fail-kinds.ts"
import { readingOf } from "../flags.ts"
import { readingWords, type Reading } from "../reading.ts"
import type { Expectation } from "./config.ts"
import { loadConfig } from "./config-file.ts"
import type { Shard } from "./shard.ts"

export const updateModes = ["all", "changed", "missing", "none"] as const
export type UpdateMode = (typeof updateModes)[number]

export interface CiFlags {
  readonly traces: ReadonlyArray<string>
  readonly config: Option.Option<string>
  readonly baseline: Option.Option<string>
  readonly update: UpdateMode
  readonly against: Option.Option<string>
  readonly without: ReadonlyArray<string>
  readonly from: Option.Option<string>
  readonly to: Option.Option<string>
  readonly failOn: Option.Option<string>
  readonly shard: Option.Option<Shard>
  readonly lastFailed: boolean
  readonly jobs: Option.Option<number>
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
}

/** What is asked of a trace, in words that can be sent to a worker and hashed. */
export interface Asked {
  readonly against: string | null
  readonly without: ReadonlyArray<string>
  readonly from: string | null
  readonly to: string | null
  readonly failOn: ReadonlyArray<FailKind>
}

export interface CiSettings {
  /** Folders and files, as paths from the working folder. */
  readonly traces: ReadonlyArray<string>
  /** The folders that the configuration takes the traces from: a trace below one is named by its path there. Absolute. */
  readonly roots: ReadonlyArray<string>
  /** The baselines' folder, as a path from the working folder. */
  readonly baseline: string
  readonly update: UpdateMode
  readonly shard: Shard | undefined
  readonly lastFailed: boolean
  readonly jobs: number
  readonly reading: Reading
  /** What is asked of the trace at a path. */
  readonly askedOf: (path: string) => Asked
  /** A glob of the configuration that matches none of these paths: a trace would silently not be held to it. */
  readonly idleGlob: (paths: ReadonlyArray<string>) => string | undefined
  /** Over all that decides the outcomes beside the traces. */
  readonly hash: string
}

/** Whether this is a CI system's run: there, nothing is ever written. */
export const isCi = (env: NodeJS.ProcessEnv = process.env): boolean =>
  !["", "0", "false"].includes((env["CI"] ?? "").toLowerCase())

export const settingsOf = (flags: CiFlags): Effect.Effect<CiSettings, BadUsage> =>
  Effect.gen(function* () {
    if (flags.update !== "none" && isCi()) {
      return yield* new BadUsage({
        problem: `--update ${flags.update} writes baselines, and in CI (the variable CI is set) nothing is written`,
        advice: "Run it where you work, look at what it changes, and commit that",
      })
    }
    const named = Option.getOrUndefined(flags.config)
    const { folder, config } = yield* loadConfig(
      named === undefined ? undefined : resolve(named),
      process.cwd(),
    )
    const here = (path: string): string => relative(process.cwd(), resolve(folder, path)) || "."
    const roots = listOf(config.traces ?? "traces")
    const failOn = Option.isSome(flags.failOn)
      ? yield* failKindsOf("--fail-on", flags.failOn.value)
      : (config.failOn ?? [])
    const reading = readingOf(flags)
    const flagged = yield* askedByFlags(flags)
    const expect = flagged === undefined ? (config.expect ?? []).map(askedBy) : [flagged]
    const fromFolder = (path: string): string => slashed(relative(folder, resolve(path)))
    return {
      traces: flags.traces.length > 0 ? flags.traces : roots.map(here),
      roots: roots.map((root) => resolve(folder, root)),
      baseline: Option.getOrElse(flags.baseline, () => here(config.baseline ?? "reports")),
      update: flags.update,
      shard: Option.getOrUndefined(flags.shard),
      lastFailed: flags.lastFailed,
      jobs: Option.getOrElse(flags.jobs, () => config.jobs ?? availableParallelism()),
      reading,
      askedOf: (path) => ({ ...firstMatch(expect, fromFolder(path)), failOn }),
      idleGlob: (paths) => idleGlob(expect, paths.map(fromFolder)),
      hash: hashOf({ expect, failOn, reading }),
    }
  })

const listOf = (texts: string | ReadonlyArray<string>): ReadonlyArray<string> =>
  typeof texts === "string" ? [texts] : texts

const slashed = (path: string): string => path.replaceAll(sep, "/")

/** What is asked of the traces that some globs match; null: of every trace. */
interface Rule {
  readonly files: ReadonlyArray<string> | null
  readonly asked: Omit<Asked, "failOn">
}

const nothingAsked: Rule["asked"] = { against: null, without: [], from: null, to: null }

const askedBy = ({ files, against, without, from, to }: Expectation): Rule => ({
  files: listOf(files),
  asked: { against, without: without ?? [], from: from ?? null, to: to ?? null },
})

/** What the flags ask of every trace; undefined where they leave that to the configuration. */
const askedByFlags = (flags: CiFlags): Effect.Effect<Rule | undefined, BadUsage> =>
  Effect.gen(function* () {
    const [against, from, to] = [flags.against, flags.from, flags.to].map(Option.getOrNull) as [
      string | null,
      string | null,
      string | null,
    ]
    if (against === null && flags.without.length > 0) {
      return yield* new BadUsage({ problem: "--without goes with --against", advice: undefined })
    }
    for (const name of [from, to]) if (name !== null) yield* chosen(name)
    const without = against === null ? [] : (yield* chosen(against, flags.without)).without
    return against === null && from === null && to === null
      ? undefined
      : { files: null, asked: { against, without, from, to } }
  })

const firstMatch = (rules: ReadonlyArray<Rule>, path: string): Rule["asked"] =>
  rules.find(({ files }) => files === null || files.some((glob) => posix.matchesGlob(path, glob)))?.asked ??
  nothingAsked

const idleGlob = (rules: ReadonlyArray<Rule>, paths: ReadonlyArray<string>): string | undefined =>
  rules
    .flatMap(({ files }) => files ?? [])
    .find((glob) => !paths.some((path) => posix.matchesGlob(path, glob)))

const hashOf = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex")

/** The folder that the names of traces in baselines start from: the one that holds the baselines' folder. */
export const homeOf = (baseline: string): string => dirname(resolve(baseline))

/** The words of a command line that ask the same of the same traces. */
export const wordsOf = (flags: CiFlags): ReadonlyArray<string> => [
  ...flagWords("config", flags.config),
  ...flagWords("baseline", flags.baseline),
  ...flagWords("against", flags.against),
  ...flags.without.flatMap((part) => ["--without", part]),
  ...flagWords("from", flags.from),
  ...flagWords("to", flags.to),
  ...flagWords("fail-on", flags.failOn),
  ...readingWords(readingOf(flags)),
  ...flags.traces,
]

const flagWords = (name: string, value: Option.Option<string>): ReadonlyArray<string> =>
  Option.isNone(value) ? [] : [`--${name}`, value.value]
