/** The files in the baselines' folder: what they hold, how they are read, which of them belong to no trace. */
import { Effect, Result, Schema, SchemaIssue } from "effect"
import { accessSync, constants, mkdirSync } from "node:fs"
import { readdir, readFile, rm } from "node:fs/promises"
import { dirname, join, sep } from "node:path"
import { Baseline, type CiOutcomes } from "../../domain/documents.ts"
import { BadOutput, BadResult, BadUsage, reasonOf } from "../../domain/errors.ts"
import { inert } from "../../domain/text.ts"
import { jsonText } from "../../reports/json-text.ts"
import { parsedJson } from "../saved-result.ts"
import { writeWhole } from "../whole-file.ts"
import { indexName } from "./corpus.ts"

/** The files of one baseline. */
export const jsonFile = (folder: string, name: string): string => join(folder, `${name}.json`)
export const pageFile = (folder: string, name: string): string => join(folder, `${name}.md`)

export const baselineOf = (trace: string, outcomes: CiOutcomes): Baseline => ({
  schema: "wakediff/baseline/1",
  trace,
  sha256: outcomes.sha256,
  rows: outcomes.rows,
  verify: outcomes.verify,
  diagnose: outcomes.diagnose,
  diff: outcomes.diff,
})

/** A baseline as it is written: the same bytes for the same outcomes. */
export const baselineText = (baseline: Baseline): string =>
  `${jsonText(Schema.encodeSync(Baseline)(baseline))}\n`

/** The text of a file of a baseline; undefined where there is none. */
export const keptText = (file: string): Effect.Effect<string | undefined, BadResult> =>
  Effect.tryPromise({ try: () => readFile(file, "utf8"), catch: reasonOf }).pipe(
    Effect.catch((reason) =>
      reason === "ENOENT" || reason === "ENOTDIR"
        ? Effect.succeed(undefined)
        : Effect.fail(damaged(file, `cannot be read (${inert(reason)})`)),
    ),
  )

/** What a baseline's file says. */
export const parseBaseline = (file: string, text: string): Effect.Effect<Baseline, BadResult> =>
  Effect.gen(function* () {
    const value = yield* Effect.mapError(parsedJson(file, text), ({ problem, line, column }) =>
      damaged(file, problem, line, column),
    )
    const decoded = Schema.decodeUnknownResult(Baseline, { reportInput: true })(value)
    return Result.isSuccess(decoded) ? decoded.success : yield* notBaseline(file, decoded.failure.issue)
  })

const damaged = (file: string, problem: string, line = 0, column = 0): BadResult =>
  new BadResult({
    file,
    line,
    column,
    problem: `the baseline ${problem}`,
    advice: "Restore it, or write it anew with --update all",
  })

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const shownLength = 200

/** The first key that is wrong. */
const notBaseline = (file: string, issue: SchemaIssue.Issue): BadResult => {
  const [first] = format(issue).issues
  const path = (first?.path ?? []).map(String).join(".")
  const problem = inert((first?.message ?? "").slice(0, shownLength))
  return damaged(file, `is not what its schema says: ${path === "" ? "" : `${inert(path)}: `}${problem}`)
}

/** Finds out before long work whether baselines can be written. */
export const openFolder = (folder: string): Effect.Effect<void, BadOutput> =>
  attempt(folder, () => {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  })

const attempt = (file: string, act: () => void): Effect.Effect<void, BadOutput> =>
  Effect.try({ try: act, catch: (cause) => new BadOutput({ what: file, reason: reasonOf(cause) }) })

/** Writes a file of the folder, whole or not at all, with the folders above it. */
export const writeFile = (file: string, text: string): Effect.Effect<void, BadOutput> =>
  Effect.andThen(
    attempt(file, () => mkdirSync(dirname(file), { recursive: true })),
    writeWhole(file, text, file),
  )

/**
 * The names of all baselines and their pages, sorted. A folder that is not there has none. A file that wakediff has not written is
 * none of them, whatever its name: what belongs to no trace may be removed.
 */
export const keptNames = (folder: string): Effect.Effect<ReadonlyArray<string>, BadUsage> =>
  Effect.gen(function* () {
    const paths = yield* Effect.tryPromise({
      try: () => readdir(folder, { recursive: true }),
      catch: reasonOf,
    }).pipe(
      Effect.catch((reason) =>
        reason === "ENOENT" ? Effect.succeed([]) : Effect.fail(badFolder(folder, reason)),
      ),
    )
    const names = new Set<string>()
    for (const path of paths) {
      const [, name, ending] = /^(.+)\.(json|md)$/s.exec(path.replaceAll(sep, "/")) ?? []
      if (name === undefined || name === indexName || names.has(name)) continue
      const text = yield* Effect.orElseSucceed(keptText(join(folder, path)), () => undefined)
      if (text?.includes(ending === "json" ? '"schema": "wakediff/' : pageMark) === true) names.add(name)
    }
    return [...names].toSorted()
  })

/** By this line a page is known as ours. */
export const pageMark = "Written by wakediff ci."

const badFolder = (folder: string, reason: string): BadUsage =>
  new BadUsage({
    problem: `the baselines' folder ${inert(folder)} cannot be read (${inert(reason)})`,
    advice: "Name another one with --baseline",
  })

/** Takes away the files of a baseline. */
export const removeBaseline = (folder: string, name: string): Effect.Effect<void, BadOutput> =>
  Effect.forEach(
    [jsonFile(folder, name), pageFile(folder, name)],
    (file) =>
      Effect.tryPromise({
        try: () => rm(file, { force: true }),
        catch: (cause) => new BadOutput({ what: file, reason: reasonOf(cause) }),
      }),
    { discard: true },
  )
