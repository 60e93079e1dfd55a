/** The traces that `wakediff ci` is about: where they are, what they are called, and what they hold. */
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { createReadStream, statSync } from "node:fs"
import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path"
import { BadUsage, quoted, type BadTrace } from "../../domain/errors.ts"
import { inert } from "../../domain/text.ts"
import { findTraces } from "../../traces/find.ts"
import { formNames } from "../../traces/form-names.ts"
import { standardInput, unreadable } from "../../traces/source.ts"
import { homeOf, type CiSettings } from "./settings.ts"

/** A trace of the corpus. Its texts are untrusted. */
export interface CorpusTrace {
  /** Where to read it. */
  readonly path: string
  /** What outcomes call it: the same wherever the run is started, and on every machine. */
  readonly trace: string
  /** The baseline's name: its path below the corpus, without the ending, with slashes. */
  readonly name: string
  /** Of the file's bytes. */
  readonly sha256: string
  readonly byteCount: number
}

export interface Corpus {
  /** In the order of their names. */
  readonly traces: ReadonlyArray<CorpusTrace>
  /** Traces and folders that cannot be read. */
  readonly refused: ReadonlyArray<BadTrace>
  /** The names of all traces, those that cannot be read included. */
  readonly names: ReadonlySet<string>
  /** Only some of the traces were asked for, or could be found: of what else has a baseline, nothing can be said. */
  readonly isPart: boolean
  readonly hash: string
}

export const openCorpus = (settings: CiSettings): Effect.Effect<Corpus, BadUsage> =>
  Effect.gen(function* () {
    const found: Array<Found> = []
    const refused: Array<BadTrace> = []
    const already = new Set<string>()
    let isPart = false
    for (const argument of settings.traces) {
      if (argument === standardInput) {
        return yield* new BadUsage({
          problem: "a corpus is made of files, and - is standard input",
          advice: "Name a folder",
        })
      }
      const { folder, isNarrow } = baseOf(argument, settings.roots)
      isPart ||= isNarrow
      const paths = yield* findTraces(argument, already).pipe(
        Effect.catchTag("BadTrace", (error) => {
          refused.push(error)
          isPart = true
          return Effect.succeed([])
        }),
      )
      for (const path of paths) found.push({ path, ...namesOf(path, folder, homeOf(settings.baseline)) })
    }
    found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    yield* refuseClashes(found)
    if (!isPart) yield* refuseIdleGlob(found, settings)
    const traces: Array<CorpusTrace> = []
    for (const one of found) {
      const content = yield* Effect.result(contentOf(one.path))
      if (content._tag === "Success") traces.push({ ...one, ...content.success })
      else refused.push(content.failure)
    }
    return { traces, refused, names: new Set(found.map(({ name }) => name)), isPart, hash: hashOf(traces) }
  })

type Found = Pick<CorpusTrace, "path" | "trace" | "name">

/** The folder that the names of an argument's traces start from, and whether the argument is less than a whole corpus. */
const baseOf = (argument: string, roots: ReadonlyArray<string>) => {
  const path = resolve(argument)
  const root = roots.find((one) => path !== one && isBelow(path, one))
  if (root !== undefined) return { folder: root, isNarrow: true }
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  return isFolder || roots.includes(path)
    ? { folder: isFolder ? path : dirname(path), isNarrow: false }
    : { folder: dirname(path), isNarrow: true }
}

const isBelow = (path: string, folder: string): boolean => {
  const way = relative(folder, path)
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

const namesOf = (path: string, folder: string, home: string): Omit<Found, "path"> => {
  const whole = resolve(path)
  const slashed = (from: string): string => relative(from, whole).replaceAll(sep, "/")
  const below = slashed(folder)
  return {
    trace: isBelow(whole, home) ? slashed(home) : below,
    name: below.replace(formEnding, ""),
  }
}

/** What says in which form a trace lies in a file: its baseline does not depend on that. */
const formEnding = new RegExp(
  `(?<=[^/])\\.(${formNames.map((name) => name.replaceAll(".", "\\.")).join("|")})$`,
  "i",
)

/** The name of the page that lists the baselines. */
export const indexName = "README"

/** Two traces cannot share a baseline. */
const refuseClashes = (found: ReadonlyArray<Found>): Effect.Effect<void, BadUsage> => {
  const taken = new Map<string, string>([[indexName, "the list of the baselines"]])
  for (const { path, name } of found) {
    const other = taken.get(name)
    if (other !== undefined) {
      return Effect.fail(
        new BadUsage({
          problem: `${inert(path)} and ${inert(other)} have the same baseline, ${inert(basename(name))}.json`,
          advice: "Rename one of them",
        }),
      )
    }
    taken.set(name, path)
  }
  return Effect.void
}

/** A glob with a slip would leave a trace without its expectation, and nobody would know. */
const refuseIdleGlob = (
  found: ReadonlyArray<Found>,
  { idleGlob }: CiSettings,
): Effect.Effect<void, BadUsage> => {
  const glob = idleGlob(found.map(({ path }) => path))
  return glob === undefined
    ? Effect.void
    : Effect.fail(
        new BadUsage({
          problem: `the configuration expects something of ${quoted(glob)}, which is no trace of the corpus`,
          advice: "Globs start from the configuration's folder",
        }),
      )
}

const contentOf = (path: string): Effect.Effect<Pick<CorpusTrace, "sha256" | "byteCount">, BadTrace> =>
  Effect.tryPromise({
    try: async (signal) => {
      const hash = createHash("sha256")
      let byteCount = 0
      const chunks = createReadStream(path, { highWaterMark: 1 << 20, signal }) as AsyncIterable<Uint8Array>
      for await (const chunk of chunks) {
        hash.update(chunk)
        byteCount += chunk.length
      }
      return { sha256: hash.digest("hex"), byteCount }
    },
    catch: (error) => unreadable(path, error),
  })

const hashOf = (traces: ReadonlyArray<CorpusTrace>): string => {
  const lines = traces.map(({ name, sha256 }) => `${sha256} ${JSON.stringify(name)}\n`)
  return createHash("sha256").update(lines.join("")).digest("hex")
}
