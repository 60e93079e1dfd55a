import { Result } from "effect"
import type { CiRun, Documents, Refusal } from "../../domain/documents.ts"
import { BadResult, quoted } from "../../domain/errors.ts"
import { inert } from "../../domain/text.ts"

type CiDocument = Documents["ci"]

/** The result of one shard, or of a whole run. */
export interface ShardResult {
  /** Untrusted. */
  readonly file: string
  readonly document: CiDocument
}

/** What all shards of one run have in common, by how it is called. */
const common = [
  ["version", "another version of wakediff"],
  ["settings", "other settings"],
  ["baseline", "another folder of baselines"],
  ["corpus", "another corpus"],
  ["traces", "another corpus"],
] as const

/**
 * Joins the results of all shards of one run into what the whole run would have given, whatever their order. Fails
 * where they are not the shards of one run, or not all of them. At least one is given.
 */
export const mergeShards = (shards: ReadonlyArray<ShardResult>): Result.Result<CiDocument, BadResult> => {
  const [first] = shards
  const problem = stranger(shards) ?? incomplete(shards)
  if (problem !== undefined) return Result.fail(problem)
  const documents = shards.map(({ document }) => document)
  const merged: CiDocument = {
    ...first!.document,
    shard: null,
    runs: documents.flatMap(({ runs }) => runs).toSorted(byName),
    refused: documents.flatMap(({ refused }) => refused).toSorted(byTrace),
    obsolete: documents.flatMap(({ obsolete }) => obsolete).toSorted(),
    removed: documents.flatMap(({ removed }) => removed).toSorted(),
    // One shard looks at the list of the baselines.
    index: documents.find(({ index }) => index !== "not looked at")?.index ?? "not looked at",
  }
  const twice = merged.runs.find(({ name }, at) => merged.runs[at + 1]?.name === name)
  if (twice !== undefined)
    return Result.fail(bad(first!.file, `${inert(twice.trace)} is in two of the shards`))
  // A folder that cannot be read is refused as one, so there may be more.
  const told = merged.runs.length + merged.refused.length
  return told < merged.traces
    ? Result.fail(
        bad(
          first!.file,
          `the shards hold ${told} of ${merged.traces} traces`,
          "Give results of whole runs, without --last-failed",
        ),
      )
    : Result.succeed(merged)
}

const bad = (
  file: string,
  problem: string,
  advice = "Give the results of all shards of one run, and nothing else",
): BadResult => new BadResult({ file, line: 0, column: 0, problem, advice })

/** The first result that is not of the first one's run. */
const stranger = (shards: ReadonlyArray<ShardResult>): BadResult | undefined => {
  const [first, ...others] = shards
  for (const { file, document } of others) {
    for (const [key, what] of common) {
      const [here, there] = [document[key], first!.document[key]]
      if (here !== there) {
        return bad(
          file,
          `is of ${what} than ${inert(first!.file)}: ${quoted(`${here}`)} instead of ${quoted(`${there}`)}`,
        )
      }
    }
    const [count, firstCount] = [document.shard?.count ?? 1, first!.document.shard?.count ?? 1]
    if (count !== firstCount)
      return bad(file, `is one of ${count} shards, and ${inert(first!.file)} one of ${firstCount}`)
  }
  return undefined
}

/** A shard that is there twice, or is not there. */
const incomplete = (shards: ReadonlyArray<ShardResult>): BadResult | undefined => {
  const files = new Map<number, string>()
  for (const { file, document } of shards) {
    const { index } = document.shard ?? { index: 1 }
    const other = files.get(index)
    if (other !== undefined) return bad(file, `is shard ${index} a second time, after ${inert(other)}`)
    files.set(index, file)
  }
  const [{ file, document }] = shards as readonly [ShardResult]
  const count = document.shard?.count ?? 1
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((index) => !files.has(index))
  if (missing.length === 0) return undefined
  const named = missing.slice(0, shownMissing).map((index) => `${index}/${count}`)
  const more = missing.length - named.length
  return bad(
    file,
    `${missing.length === 1 ? "the shard" : "the shards"} ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""} ${missing.length === 1 ? "is" : "are"} missing`,
  )
}

const shownMissing = 10

const byName = (a: CiRun, b: CiRun): number => compare(a.name, b.name)

/** The order of refused traces in every result of `ci`: that of their names, so that no shard matters to it. */
export const byTrace = (a: Refusal, b: Refusal): number =>
  compare(a.trace, b.trace) || compare(a.error, b.error)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
