/** How a comparison with baselines ends: what each trace counts as, and the exit codes. */
import type { CiRun, Documents } from "../../domain/documents.ts"
import { ciWord } from "../../reports/ci-words.ts"
import { exits } from "../exit.ts"
import type { Outcome } from "../tally.ts"

type CiDocument = Documents["ci"]

const runOutcome = (run: CiRun): Outcome => {
  const { code } = run.fails.length > 0 ? exits.finding : exits.nothingFound
  const word = ciWord(run)
  return { one: word, many: word === "fails" ? "fail" : word, code }
}

const refused: Outcome = { one: "refused", many: "refused", code: exits.unreadable.code }

/** What the traces of a result count as, those that could not be read included. */
export const ciOutcomes = (document: CiDocument): ReadonlyArray<Outcome> => [
  ...document.runs.map(runOutcome),
  ...document.refused.map(() => refused),
]

/** The codes of all that a result says; the gravest is the process's. */
export const ciCodes = (document: CiDocument): ReadonlyArray<number> => {
  const isStale = document.obsolete.length > 0 || ["changed", "missing"].includes(document.index)
  return [
    ...ciOutcomes(document).map(({ code }) => code),
    isStale ? exits.finding.code : exits.nothingFound.code,
  ]
}
