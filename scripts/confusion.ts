/**
 * How well `diagnose` names a hunk: traces of imagined processes that lack one part of the fix, or two, diagnosed; by part, what
 * became of it. The README's chapter and the tests take it from here.
 */
import { diagnosing, stepsDone, type Diagnosis } from "../src/analysis/diagnose/diagnose.ts"
import { table } from "../src/reports/markdown.ts"
import { allParts, maskOf, partNames, partsIn, type PartName } from "../src/semantics/registry.ts"
import { generate, type GeneratorOptions } from "../test/support/generate.ts"

/** Seeds of the traces that lack one part, and of those that lack two. */
const seedsOfOne = [1, 2, 3, 4, 5, 6]
const seedsOfTwo = [1, 2, 3, 4]

/**
 * Two kinds of processes, in turn: one with next to no memory, where nearly every part of the fix has work; and one with a
 * little more, for a SPOE context that never gets a buffer has none to release when it times out.
 */
const processes = [
  { limit: 3, reserve: 4, clientCount: 14 },
  { limit: 8, reserve: 2, clientCount: 6 },
] as const

const busy = (seed: number): Omit<GeneratorOptions, "after"> => ({
  ...processes[seed % processes.length],
  seed,
  rowCount: 4000,
  appletPercent: 80,
  spoePercent: 80,
  luaPercent: 15,
  countsApplets: true,
})

/** A trace made by the fix without some of its parts, and what is said of it. */
export interface Adversary {
  readonly missing: ReadonlyArray<PartName>
  readonly seed: number
  readonly diagnosis: Diagnosis
}

/** What became of one missing part, or of a part that is not missing. */
export type Fate = "named" | "in a class" | "not exercised" | "wrong"

const diagnosed = (options: GeneratorOptions): Diagnosis => {
  const { head, batches } = generate(options)
  const all = [...batches]
  const rowCount = all.reduce((sum, batch) => sum + batch.rowCount, 0)
  return stepsDone(diagnosing({ head, batches: all, rowCount }))
}

export const adversary = (missing: ReadonlyArray<PartName>, seed: number): Adversary => ({
  missing,
  seed,
  diagnosis: diagnosed({ ...busy(seed), after: allParts & ~maskOf(missing) }),
})

export const pairs: ReadonlyArray<readonly [PartName, PartName]> = partNames.flatMap((one, at) =>
  partNames.slice(at + 1).map((other) => [one, other] as const),
)

/** What is said of each part that is missing; and of one that is not, where it is blamed all the same. */
export const fates = ({ missing, diagnosis }: Adversary): ReadonlyMap<PartName, Fate> => {
  const { equivalent, notExercised } = diagnosis
  const before = equivalent.map(({ choice }) => partsIn(allParts & ~choice.after))
  const fateOf = (part: PartName): Fate | undefined => {
    const isMissing = missing.includes(part)
    const count = before.filter((parts) => parts.includes(part)).length
    if (notExercised.includes(part)) return isMissing ? "not exercised" : undefined
    if (count === 0) return isMissing ? "wrong" : undefined
    if (count < before.length) return isMissing ? "in a class" : undefined
    return isMissing ? "named" : "wrong"
  }
  return new Map(
    partNames.flatMap((part) => {
      const fate = fateOf(part)
      return fate === undefined ? [] : [[part, fate] as const]
    }),
  )
}

const columns: ReadonlyArray<Fate> = ["named", "in a class", "not exercised", "wrong"]

export const confusion = (): ReadonlyArray<Adversary> => [
  ...partNames.flatMap((part) => seedsOfOne.map((seed) => adversary([part], seed))),
  ...pairs.flatMap((pair) => seedsOfTwo.map((seed) => adversary(pair, seed))),
]

/** The README's block: a row for each part, one missing and two missing side by side. */
export const confusionMarkdown = (): string => {
  const counts = new Map<string, number>()
  for (const one of confusion()) {
    for (const [part, fate] of fates(one)) {
      const key = `${part}/${one.missing.length}/${fate}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  const cells = (part: PartName, missing: 1 | 2) =>
    columns.map((fate) => `${counts.get(`${part}/${missing}/${fate}`) ?? 0}`)
  return table(
    ["missing part", ...columns.map((fate) => `alone: ${fate}`), ...columns.map((fate) => `of two: ${fate}`)],
    partNames.map((part) => [`\`${part}\``, cells(part, 1), cells(part, 2)].flat()),
  )
}

if (import.meta.main) console.log(confusionMarkdown())
