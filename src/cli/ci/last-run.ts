/** Which traces failed when they were last compared here: what `--last-failed` compares again. */
import { Effect, Option, Schema } from "effect"
import { mkdirSync, readFileSync } from "node:fs"
import { relative, resolve } from "node:path"
import { BadUsage, type BadOutput } from "../../domain/errors.ts"
import { writeWhole } from "../whole-file.ts"
import { isCi, type CiSettings } from "./settings.ts"

const folder = ".wakediff"
const file = `${folder}/last-run.json`

const LastRuns = Schema.Struct({
  schema: Schema.Literal("wakediff/last-run/1"),
  /** The names of the traces that failed, by corpus and baselines. */
  failed: Schema.Record(Schema.String, Schema.Array(Schema.String)),
})
type LastRuns = typeof LastRuns.Type

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(LastRuns))

const none: LastRuns = { schema: "wakediff/last-run/1", failed: {} }

/** What cannot be read is no worse than nothing: it is only a memory. */
const read = (): LastRuns => {
  try {
    return Option.getOrElse(decode(readFileSync(file, "utf8")), () => none)
  } catch {
    return none
  }
}

const here = (path: string): string => relative(process.cwd(), resolve(path)) || "."

const keyOf = ({ traces, baseline }: CiSettings): string => {
  return JSON.stringify([...traces.map(here), here(baseline)])
}

/** The names of the traces that failed in the last run of this corpus. */
export const lastFailed = (settings: CiSettings): Effect.Effect<ReadonlySet<string>, BadUsage> =>
  Effect.suspend(() => {
    const names = read().failed[keyOf(settings)]
    return names === undefined
      ? Effect.fail(
          new BadUsage({
            problem: "--last-failed: no run of these traces is remembered here",
            advice: "Run it without --last-failed first, from this folder and not in CI",
          }),
        )
      : Effect.succeed(new Set(names))
  })

/** Remembers how this run ended. Of a trace that was not in it, what was known stays; in CI nothing is written. */
export const remember = (
  settings: CiSettings,
  ran: ReadonlySet<string>,
  failed: ReadonlySet<string>,
): Effect.Effect<void, BadOutput> =>
  Effect.suspend(() => {
    if (isCi()) return Effect.void
    const before = read()
    const key = keyOf(settings)
    const others = (before.failed[key] ?? []).filter((name) => !ran.has(name))
    const names = [...others, ...failed].toSorted()
    const after = { ...before, failed: { ...before.failed, [key]: names } }
    return Effect.andThen(
      Effect.ignore(Effect.try(() => mkdirSync(folder, { recursive: true }))),
      Effect.andThen(
        writeWhole(`${folder}/.gitignore`, "*\n", `${folder}/.gitignore`),
        writeWhole(file, `${JSON.stringify(after, null, 2)}\n`, file),
      ),
    )
  })
