/** What is left to do when all traces are decided: the baselines that belong to none, and the list of all. */
import { Effect } from "effect"
import type { Baseline, documents } from "../../domain/documents.ts"
import type { BadOutput, BadResult, BadUsage } from "../../domain/errors.ts"
import {
  jsonFile,
  keptNames,
  keptText,
  pageFile,
  parseBaseline,
  removeBaseline,
  writeFile,
} from "./baselines.ts"
import { indexName, type Corpus } from "./corpus.ts"
import { indexText } from "./page.ts"
import type { CiSettings } from "./settings.ts"
import { isOfShard, nameHash } from "./shard.ts"

type CiDocument = typeof documents.ci.Type

/**
 * The baselines of no trace are named, or removed where everything is updated; then the list of the baselines is looked at. Of a part of
 * a corpus, nothing of this can be told.
 */
export const finishCorpus = (
  corpus: Corpus,
  settings: CiSettings,
): Effect.Effect<Pick<CiDocument, "obsolete" | "removed" | "index">, BadUsage | BadOutput> =>
  Effect.gen(function* () {
    if (corpus.isPart) return { obsolete: [], removed: [], index: "not looked at" }
    const { baseline, shard, update } = settings
    const kept = yield* keptNames(baseline)
    const isTold = kept.some((name) => !corpus.names.has(name)) && update === "none"
    const index = isTold ? "not looked at" : yield* indexOf(corpus, settings)
    const obsolete = kept.filter((name) => !corpus.names.has(name) && isOfShard(nameHash(name), shard))
    if (update !== "all") return { obsolete, removed: [], index }
    for (const name of obsolete) yield* removeBaseline(baseline, name)
    return { obsolete: [], removed: obsolete, index }
  })

/**
 * Compares the list of the baselines with the baselines, or writes it anew. It is made of what is kept, not of what was replayed, so that
 * any run can do it; of several shards, one does. What is missing or obsolete has been told: then the list is not looked at.
 */
const indexOf = (
  corpus: Corpus,
  { baseline, shard, update }: CiSettings,
): Effect.Effect<CiDocument["index"], BadOutput> =>
  Effect.gen(function* () {
    if (!isOfShard(nameHash(indexName), shard)) return "not looked at"
    const baselines = yield* Effect.result(keptBaselines(corpus, baseline))
    // A baseline that cannot be read has been refused already, in this run or in another shard.
    if (baselines._tag === "Failure") return "not looked at"
    if (baselines.success.size < corpus.names.size && update === "none") return "not looked at"
    const fresh = indexText(baselines.success)
    const file = pageFile(baseline, indexName)
    const kept = yield* Effect.orElseSucceed(keptText(file), () => undefined)
    if (kept === fresh) return "same"
    if (update === "none") return kept === undefined ? "missing" : "changed"
    yield* writeFile(file, fresh)
    return "written"
  })

const keptBaselines = (
  corpus: Corpus,
  folder: string,
): Effect.Effect<ReadonlyMap<string, Baseline>, BadResult> =>
  Effect.gen(function* () {
    const baselines = new Map<string, Baseline>()
    for (const name of [...corpus.names].toSorted()) {
      const file = jsonFile(folder, name)
      const text = yield* keptText(file)
      if (text !== undefined) baselines.set(name, yield* parseBaseline(file, text))
    }
    return baselines
  })
