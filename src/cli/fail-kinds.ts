import { Effect } from "effect"
import { BadUsage, quoted } from "../domain/errors.ts"
import { failKindNames, type FailKind } from "../domain/wait.ts"
import { didYouMean } from "../semantics/did-you-mean.ts"

/** The kinds of change that a flag names, apart by commas, each once. */
export const failKindsOf = (
  flag: string,
  words: string,
): Effect.Effect<ReadonlyArray<FailKind>, BadUsage> => {
  const kinds = new Set<FailKind>()
  for (const word of words.split(",")) {
    const name = word.trim()
    if (name === "") continue
    const kind = failKindNames.find((known) => known === name)
    if (kind === undefined) {
      const nearest = didYouMean(name, failKindNames)
      const guess = nearest === undefined ? "" : `Did you mean ${nearest}? `
      return Effect.fail(
        new BadUsage({
          problem: `${flag} knows no ${quoted(name)}`,
          advice: `${guess}There are ${failKindNames.join(", ")}`,
        }),
      )
    }
    kinds.add(kind)
  }
  return Effect.succeed([...kinds])
}
