import type { VerifyRun } from "../domain/documents.ts"
import { counted } from "./layout.ts"

type Undefined = NonNullable<VerifyRun["undefined"]>

const undefinedMeanings: { readonly [K in Undefined["kind"]]: (entity: string) => string } = {
  "type-confusion": (entity) =>
    `type confusion: the walk of the wait queue takes ${entity}, a SPOE context, for a stream, and wakes a task at a made-up address`,
  "dangling-waiter": (entity) =>
    `dangling waiter: ${entity} was freed while it was queued, and the offer that reaches it reads freed memory`,
}

/** Undefined behaviour, and what is behind it. The entity is named as the trace names it: untrusted. */
export const undefinedText = ({ row, kind, entity }: Undefined, unjudgedRows: number): string => {
  const follows =
    unjudgedRows === 0
      ? "The trace ends there, as a process that crashes ends it."
      : `${counted(unjudgedRows, "row")} behind it cannot be judged.`
  return `row ${row}, ${undefinedMeanings[kind](entity)}. ${follows}`
}
