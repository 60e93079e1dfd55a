import { quoted } from "../domain/errors.ts"
import type { Preamble } from "../domain/preamble.ts"
import { maxInt, maxUnsignedInt, unsigned } from "./cells.ts"

export const firstLine = "# wakediff trace 1"

/** One line of a preamble, taken apart; undefined if it is not of the form `# key: value`. */
export const preambleLine = (text: string): readonly [key: string, value: string] | undefined => {
  const colon = text.indexOf(":")
  if (!text.startsWith("# ") || colon < 3) return undefined
  return [text.slice(2, colon).trim(), text.slice(colon + 1).trim()]
}

interface NumberKey {
  readonly key: string
  readonly min: number
  readonly max: number
  /** What an absent key means; undefined: it must be there. */
  readonly absent?: number
}

/** The keys that a replay reads, as `trace-format.md` has them. */
const numberKeys = {
  limit: { key: "tune.buffers.limit", min: 0, max: maxInt },
  // HAProxy refuses to start with less (v1.7.0 src/cfgparse.c).
  reserve: { key: "tune.buffers.reserve", min: 2, max: maxInt },
  allocated: { key: "pool.allocated", min: 0, max: maxUnsignedInt },
  used: { key: "pool.used", min: 0, max: maxUnsignedInt },
  runQueueTasks: { key: "run_queue.tasks", min: 0, max: maxUnsignedInt, absent: 0 },
} as const satisfies Record<string, NumberKey>

/**
 * Where a preamble is wrong: the index of the entry, or -1 for the preamble as a whole. Without `found`, it is the entry's
 * value that is wrong, and the key one of those that a replay reads.
 */
export interface PreambleProblem {
  readonly entry: number
  readonly key: string
  readonly expected: string
  readonly found: string | undefined
}

/** Reads the entries of a preamble, or says what the first problem is. */
export const readPreamble = (
  entries: ReadonlyArray<readonly [key: string, value: string]>,
): Preamble | PreambleProblem => {
  const at = new Map<string, number>()
  for (const [index, [key]] of entries.entries()) {
    if (at.has(key))
      return {
        entry: index,
        key,
        expected: `the preamble key ${quoted(key)} once`,
        found: "it a second time",
      }
    at.set(key, index)
  }
  const numbers: Record<string, number> = {}
  for (const [name, { key, min, max, ...rest }] of Object.entries(numberKeys) as Array<[string, NumberKey]>) {
    const entry = at.get(key) ?? -1
    if (entry < 0 && rest.absent === undefined) {
      return { entry, key, expected: `the preamble line "# ${key}: NUMBER"`, found: "none" }
    }
    const value = entry < 0 ? rest.absent! : unsigned(entries[entry]![1], max)
    if (value < min) return { entry, key, expected: `a whole number from ${min} to ${max}`, found: undefined }
    numbers[name] = value
  }
  const counts = at.get("counters.applets") ?? -1
  const countsApplets = counts < 0 ? "yes" : entries[counts]![1]
  if (countsApplets !== "yes" && countsApplets !== "no") {
    return { entry: counts, key: "counters.applets", expected: "yes or no", found: undefined }
  }
  return {
    ...(numbers as { [K in keyof typeof numberKeys]: number }),
    countsApplets: countsApplets === "yes",
    entries,
  }
}
