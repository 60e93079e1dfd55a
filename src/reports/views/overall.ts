import { counted } from "../layout.ts"
import type { Outcome, ReportView, RunView, Tone } from "../view.ts"

/** What the view of one command's document says; the rest is the same for every command. */
export type Drawn = Omit<ReportView, "version" | "command" | "refused" | "document">

const outcomes: ReadonlyArray<Outcome> = ["failed", "unsure", "passed"]

/** The headline, the tone and the facts of several runs: the one run's own, or how many there are of each outcome. */
export const overall = (
  runs: ReadonlyArray<RunView>,
  words: { readonly [O in Outcome]: string },
): Pick<ReportView, "headline" | "tone" | "facts" | "runs"> => {
  const [only] = runs
  if (runs.length === 1) return { headline: only!.headline, tone: only!.tone, facts: [], runs }
  const counts = outcomes
    .map((outcome) => ({ outcome, count: runs.filter((run) => run.outcome === outcome).length }))
    .filter(({ count }) => count > 0)
  const headline = `${counted(runs.length, "trace")}: ${counts.map(({ outcome, count }) => `${count} ${words[outcome]}`).join(", ")}`
  return { headline: runs.length === 0 ? "no trace" : headline, tone: worst(runs), facts: [], runs }
}

const byGravity: ReadonlyArray<Tone> = ["bad", "unsure", "neutral", "good"]

const worst = (runs: ReadonlyArray<RunView>): Tone =>
  byGravity.find((tone) => runs.some((run) => run.tone === tone)) ?? "neutral"
