import type { CiOutcomes, DiagnoseRun, VerifyRun } from "../../domain/documents.ts"

/** What a verification and a diagnosis have in common. */
export type Judged = Pick<
  VerifyRun | DiagnoseRun,
  "verdict" | "reason" | "deviationCount" | "first" | "undefined"
>

/** What a trace was asked to behave as. */
export const againstText = ({ verify }: CiOutcomes): string =>
  verify === null ? "nothing in particular: it is diagnosed" : underText(verify)

const underText = ({ semantics, without }: VerifyRun): string =>
  without.length === 0 ? semantics : `${semantics} without ${without.join(", ")}`

/** The verdict on a trace in one sentence, and nothing in it that can change while the verdict stays. */
export const verdictText = ({ verify, diagnose }: CiOutcomes): string => {
  if (verify !== null) return verifiedText(verify)
  return diagnose === null ? "none" : diagnosedText(diagnose)
}

const verifiedText = (run: VerifyRun): string => {
  switch (run.verdict) {
    case "conforms":
      return `conforms to ${underText(run)}`
    case "deviates":
      return `deviates from ${underText(run)}${placeText(run)}`
    case "inconclusive":
      return `inconclusive under ${underText(run)}${reasonText(run)}`
  }
}

const diagnosedText = (run: DiagnoseRun): string => {
  switch (run.verdict) {
    case "explained":
      return `explained by ${[run, ...othersOf(run)].map(explanationText).join(", or by ")}`
    case "unexplained":
      return `unexplained: nearest is ${explanationText(run)}, which deviates${placeText(run)}`
    case "inconclusive":
      return `inconclusive${reasonText(run)}`
  }
}

/** The other sets of parts of the same size that explain it. */
const othersOf = (run: DiagnoseRun): ReadonlyArray<Explanation> =>
  run.equivalent
    .slice(1)
    .map((parts) =>
      run.with.length > 0
        ? { base: run.base, without: [], with: parts }
        : { base: run.base, without: parts, with: [] },
    )

type Explanation = Pick<DiagnoseRun, "base" | "without" | "with">

const explanationText = ({ base, without, with: on }: Explanation): string => {
  const back = without.length > 0 ? ` without ${without.join(", ")}` : ""
  return on.length > 0 ? `${base} with ${on.join(", ")} of the fix` : base + back
}

const placeText = ({ first }: Judged): string => {
  if (first === null) return ""
  return ` at row ${first.row}${first.part === null ? "" : ` (part ${first.part})`}`
}

const reasonText = ({ reason }: Judged): string => (reason === null ? "" : `: ${reason}`)
