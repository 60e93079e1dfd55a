import type { CiChange, CiOutcomes, CiRun } from "../domain/documents.ts"
import { words } from "./diagnose-words.ts"
import { verdictText } from "./views/verify.ts"

/** A comparison with baselines in words, for every report of it. Texts of traces in them are untrusted. */

/** The verdict on a trace: `conforms to 1.7-post-fix`. */
export const ciVerdict = ({ verify, diagnose }: Pick<CiOutcomes, "verify" | "diagnose">): string => {
  if (verify !== null) return verdictText(verify)
  return diagnose!.verdict === "explained" ? `explained by ${words(diagnose!)}` : diagnose!.verdict
}

/** `wakes, futile under 1.7-pre-fix: 104 → 90`. */
export const changeText = ({ subject, before, after }: CiChange): string => `${subject}: ${before} → ${after}`

/** What a run is called in one word. */
export const ciWord = (run: CiRun): string => {
  if (run.written) return "written"
  return run.status === "same" && run.fails.length > 0 ? "fails" : run.status
}

/** What fails about a run beside its baseline. */
export const otherFailures = ({ fails }: CiRun): ReadonlyArray<string> =>
  fails.filter((failure) => failure !== "baseline-changed" && failure !== "baseline-missing")
