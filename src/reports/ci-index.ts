import type { Baseline } from "../domain/documents.ts"
import { ciVerdict } from "./ci-words.ts"
import { lostCount, total } from "./diff-words.ts"
import { escaped, table } from "./markdown.ts"

/** The page that lists all baselines, by their names, in the order given. `mark`: the line by which it is known as ours. */
export const ciIndex = (baselines: ReadonlyMap<string, Baseline>, mark: string): string =>
  [
    "# What the fix changes in each recording",
    `${mark} Fidelity says how much of a replay is the recording itself.`,
    table(
      [
        "recording",
        "verdict",
        "fidelity before the fix",
        "after it",
        "waits",
        "starved or undefined",
        "wakes",
        "herd",
      ],
      [...baselines].map(([name, baseline]) => indexRow(name, baseline)),
    ),
  ].join("\n\n") + "\n"

const indexRow = (name: string, baseline: Baseline): ReadonlyArray<string> => {
  const { fidelity, waits, wakes } = baseline.diff
  return [
    `[${escaped(name)}](${linkTarget(`${name}.md`)})`,
    escaped(ciVerdict(baseline)),
    fidelity.from.toFixed(4),
    fidelity.to.toFixed(4),
    both(total(waits.from), total(waits.to)),
    both(lostCount(waits.from), lostCount(waits.to)),
    both(wakes.from.total, wakes.to.total),
    both(wakes.from.herd, wakes.to.herd),
  ]
}

const both = (from: number, to: number): string => (from === to ? `${from}` : `${from} → ${to}`)

/** A path as the target of a link, for names that hold anything. */
const linkTarget = (path: string): string =>
  path
    .toWellFormed()
    .split("/")
    .map((piece) => encodeURIComponent(piece).replace(/[!'()*_~]/g, percent))
    .join("/")

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`
