import type { Choice } from "../../semantics/semantics.ts"

/**
 * The words of `explain` for one wait of a lane, beside the other lane where that can be said: `--without` speaks of the second
 * semantics, or of the first where the second has no parts to lose.
 */
export const explainWords = (
  number: number,
  under: Choice,
  beside: Choice | undefined,
): ReadonlyArray<string> => {
  const words = ["--wait", String(number), "--under", under.semantics.name]
  if (beside === undefined) return [...words, ...withoutWords(under)]
  const besideHasParts = beside.semantics.fix === "post-fix"
  if (besideHasParts && under.without.length > 0) return [...words, ...withoutWords(under)]
  return [...words, "--beside", beside.semantics.name, ...withoutWords(besideHasParts ? beside : under)]
}

const withoutWords = ({ without }: Choice): ReadonlyArray<string> =>
  without.flatMap((part) => ["--without", part])
