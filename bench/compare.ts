import type { Results, StageResult } from "./results.ts"

/** What has become of a stage since an older run. */
export interface Move {
  readonly name: string
  readonly change: "faster" | "slower" | "same" | "new" | "gone"
  /** The new median in parts of the old one; null where there is only one. */
  readonly ratio: number | null
  /** What the ratio may differ from 1 by noise alone: the larger of both spreads. */
  readonly noise: number | null
}

/** Medians that lie further apart than either run's own runs did have moved; others tell nothing. */
const moveOf = (older: StageResult, newer: StageResult): Move => {
  const { name } = newer
  const ratio = newer.rowsPerSecond / older.rowsPerSecond
  const apart = Math.abs(newer.rowsPerSecond - older.rowsPerSecond)
  const noise = Math.max(older.spread * older.rowsPerSecond, newer.spread * newer.rowsPerSecond)
  const change = apart <= noise ? "same" : ratio > 1 ? "faster" : "slower"
  return { name, change, ratio, noise: noise / older.rowsPerSecond }
}

const without = (list: ReadonlyArray<StageResult>, other: ReadonlyArray<StageResult>) =>
  list.filter(({ name }) => !other.some((one) => one.name === name))

/** Every stage of both runs, in the new one's order, those that are gone last. */
export const movesBetween = (older: Results, newer: Results): ReadonlyArray<Move> => [
  ...newer.stages.map((stage): Move => {
    const before = older.stages.find(({ name }) => name === stage.name)
    return before === undefined
      ? { name: stage.name, change: "new", ratio: null, noise: null }
      : moveOf(before, stage)
  }),
  ...without(older.stages, newer.stages).map(({ name }): Move => ({
    name,
    change: "gone",
    ratio: null,
    noise: null,
  })),
]

/** Why the two runs cannot be held against each other as they are; empty where they can. */
export const differences = (older: Results, newer: Results): ReadonlyArray<string> => [
  ...(["machine", "node", "rowCount"] as const)
    .filter((key) => older[key] !== newer[key])
    .map((key) => `another ${key}: ${older[key]} before, ${newer[key]} now`),
  ...(Math.min(older.times, newer.times) < 3 ? ["fewer than three runs: their spread says little"] : []),
]

const percent = (part: number): string => `${part < 0 ? "-" : "+"}${(100 * Math.abs(part)).toFixed(0)} %`

const lineOf = ({ name, change, ratio, noise }: Move): string =>
  ratio === null || noise === null
    ? `${change}: ${name}`
    : `${change}: ${name}, ${percent(ratio - 1)} rows/s, noise ${(100 * noise).toFixed(0)} %`

/** What moved beyond the noise since an older run, as lines of text. */
export const comparisonText = (older: Results, newer: Results): string => {
  const moves = movesBetween(older, newer)
  const moved = moves.filter(({ change }) => change !== "same")
  return [
    `since ${older.date}:`,
    ...differences(older, newer).map((text) => `note: ${text}`),
    ...moved.map(lineOf),
    `${moves.length - moved.length} of ${moves.length} stages are within the noise`,
  ].join("\n")
}
