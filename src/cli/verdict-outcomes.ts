import type { Verdict } from "../domain/verdict.ts"
import { exits } from "./exit.ts"
import type { Outcome } from "./tally.ts"

/** What a trace counts as by its verdict. */
export const verdictOutcomes: { readonly [V in Verdict]: Outcome } = {
  conforms: { one: "conforms", many: "conform", code: exits.nothingFound.code },
  deviates: { one: "deviates", many: "deviate", code: exits.finding.code },
  inconclusive: { one: "inconclusive", many: "inconclusive", code: exits.inconclusive.code },
}
