import type { CiChange, CiChangeKind } from "../../domain/documents.ts"

/** One change of an outcome. */
export const changed = (
  kind: CiChangeKind,
  subject: string,
  before: string,
  after: string,
  direction: CiChange["direction"] = "other",
  place: Pick<CiChange, "row" | "entity"> = { row: null, entity: null },
): CiChange => ({ kind, direction, subject, before, after, ...place })
