import type { DiagnoseRun } from "../domain/documents.ts"

/** A diagnosis in words, for every report of it. */

/** What one trace, or several together, were found to be. */
export type Found = Pick<
  DiagnoseRun,
  | "verdict"
  | "base"
  | "without"
  | "with"
  | "equivalent"
  | "alsoConforms"
  | "notExercised"
  | "complete"
  | "searched"
>
export type Said = Pick<Found, "base" | "without" | "with">

/** An explanation: a semantics, and what is turned in it. */
export const words = ({ base, without, with: on }: Said): string => {
  const turned = without.length > 0 ? ` without ${without.join(", ")}` : ""
  return on.length > 0 ? `${base} with ${on.join(", ")} of the fix` : base + turned
}

/** Nothing is turned in the base: a complete semantics. */
export const isWhole = ({ without, with: on }: Said): boolean => without.length + on.length === 0

export const isPostFix = ({ base }: Said): boolean => base.endsWith("post-fix")

/** How much "no choice" covers. */
export const tried = ({ complete }: Found): string => (complete ? "choice" : "choice that was tried")
