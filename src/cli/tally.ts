import { gravest } from "./exit.ts"

/** What a run counts as in the summary line of several. */
export interface Outcome {
  /** After the number 1: `1 deviates`. */
  readonly one: string
  /** After any other number: `14 conform`. */
  readonly many: string
  /** The run's exit code: outcomes are listed from the lightest to the gravest. */
  readonly code: number
}

/** `16 traces: 14 conform, 1 deviates, 1 refused`. */
export const tally = (noun: string, outcomes: ReadonlyArray<Outcome>): string => {
  const counts = new Map<string, { readonly outcome: Outcome; count: number }>()
  for (const outcome of outcomes) {
    const known = counts.get(outcome.one)
    if (known === undefined) counts.set(outcome.one, { outcome, count: 1 })
    else known.count++
  }
  const sorted = [...counts.values()].toSorted((a, b) => byGravity(a.outcome, b.outcome))
  const words = sorted.map(({ outcome, count }) => `${count} ${count === 1 ? outcome.one : outcome.many}`)
  return `${outcomes.length} ${outcomes.length === 1 ? noun : `${noun}s`}: ${words.join(", ")}`
}

const byGravity = (a: Outcome, b: Outcome): number => {
  if (a.code === b.code) return 0
  return gravest([a.code, b.code]) === a.code ? 1 : -1
}
