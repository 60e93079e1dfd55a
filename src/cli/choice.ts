/** What the user's words for a semantics mean, and the one place where they are found wrong. */
import { Effect } from "effect"
import { BadUsage, quoted } from "../domain/errors.ts"
import { choose, isChoiceFailure, type Choice, type ChoiceFailure } from "../semantics/semantics.ts"

/** The choice that `--against`, `--from` or `--to` names together with `--without`. */
export const chosen = (
  semantics: string,
  without: ReadonlyArray<string> = [],
): Effect.Effect<Choice, BadUsage> => {
  const choice = choose(semantics, without)
  return isChoiceFailure(choice) ? Effect.fail(badChoice(choice)) : Effect.succeed(choice)
}

/** The words of a command line that name a choice: `--against 1.7-post-fix --without PART`. */
export const choiceWords = (flag: string, { semantics, without }: Choice): ReadonlyArray<string> => [
  flag,
  semantics.name,
  ...without.flatMap((part) => ["--without", part]),
]

/** The same words, to be sent to a thread. */
export interface ChoiceWords {
  readonly semantics: string
  readonly without: ReadonlyArray<string>
}

/** The choice of words that were looked at before. */
export const understood = ({ semantics, without }: ChoiceWords): Effect.Effect<Choice> =>
  Effect.orDie(chosen(semantics, without))

const badChoice = (failure: ChoiceFailure): BadUsage => {
  switch (failure._tag) {
    case "UnknownSemantics":
      return new BadUsage({
        problem: `there is no semantics ${quoted(failure.name)}`,
        advice: guess(failure.nearest) + `There are ${failure.known.join(", ")}`,
      })
    case "UnknownPart":
      return new BadUsage({
        problem: `the fix has no part ${quoted(failure.name)}`,
        advice: guess(failure.nearest) + `Its parts are ${failure.known.join(", ")}`,
      })
    case "PartNotInBranch":
      return new BadUsage({
        problem: `${failure.semantics} has no part ${failure.name}: it exists in ${failure.branches.join(" and ")} only`,
        advice: "'wakediff semantics' lists the parts of each",
      })
    case "NothingToTurnBack":
      return new BadUsage({
        problem: `${failure.semantics} has every part of the fix turned back already`,
        advice: `--without goes with ${failure.postFix}`,
      })
  }
}

const guess = (nearest: string | undefined): string =>
  nearest === undefined ? "" : `Did you mean ${nearest}? `
