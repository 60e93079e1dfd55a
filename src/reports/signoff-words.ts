import type { SignoffPart, SignoffRun, SignoffTogether } from "../domain/documents.ts"
import { counted } from "./layout.ts"

/** A sign-off in sentences, for every report of it. Traces and claims are as they were given: untrusted. */

interface Against {
  readonly against: string
  readonly without: ReadonlyArray<string>
}

/** `1.7-post-fix without notify-release`. */
export const againstText = ({ against, without }: Against): string =>
  without.length === 0 ? against : `${against} without ${without.join(", ")}`

/** A part is shown to be there if a trace confirms it and none contradicts it. */
export const isConfirmed = ({ confirmedBy, contradictedBy }: SignoffPart): boolean =>
  confirmedBy.length > 0 && contradictedBy.length === 0

/** Nothing is known of it. */
export const isOpen = ({ confirmedBy, contradictedBy }: SignoffPart): boolean =>
  confirmedBy.length + contradictedBy.length === 0

/** What is signed off, or why nothing is; then how much of it has been shown. */
export const verdictSentence = (document: Against & { readonly together: SignoffTogether }): string => {
  const { verdict, counts, parts } = document.together
  const under = againstText(document)
  const read = counts.conforms + counts.deviates + counts.inconclusive
  const shown = partsSentence(parts)
  if (verdict === "conforms")
    return `signed off: ${counted(read, "trace conforms", "traces conform")} to ${under}; ${shown}`
  const reasons = [
    ...(counts.deviates > 0
      ? [`${ofAll(counts.deviates, read)} ${verb(counts.deviates, "deviate")} from ${under}`]
      : []),
    ...(counts.inconclusive > 0
      ? [
          `${ofAll(counts.inconclusive, read)} ${counts.inconclusive === 1 ? "is" : "are"} inconclusive under ${under}`,
        ]
      : []),
    ...(counts.refused > 0 ? [`${counts.refused} could not be read`] : []),
    ...(read + counts.refused === 0 ? ["there is no trace"] : []),
  ]
  return `not signed off: ${reasons.join(", ")}${read > 0 ? `; ${shown}` : ""}`
}

const ofAll = (count: number, all: number): string => (all === 1 ? "the trace" : `${count} of ${all} traces`)

const verb = (count: number, word: string): string => (count === 1 ? `${word}s` : word)

const partsSentence = (parts: ReadonlyArray<SignoffPart>): string => {
  const confirmed = parts.filter(isConfirmed).length
  const contradicted = parts.filter(({ contradictedBy }) => contradictedBy.length > 0).length
  const open = parts.filter(isOpen).length
  if (confirmed === parts.length) return `all ${parts.length} parts confirmed`
  return [
    `${confirmed} of ${parts.length} parts confirmed`,
    ...(contradicted > 0 ? [`${contradicted} contradicted`] : []),
    ...(open > 0 ? [`${open} not exercised`] : []),
  ].join(", ")
}

/** How a trace tells a part: what it would be with that part the other way. */
export const evidenceText = ({ part, status, row }: SignoffRun["parts"][number]): string =>
  status === "contradicted"
    ? `${part}: contradicted; turned the other way, the trace gets further`
    : `${part}: confirmed; turned the other way, the trace deviates${row === null ? "" : ` at row ${row}`}`

/** The fix's effect on a workload is a replay's, and no recording's. */
export const predictionNote = "predicted by replaying this recording: not measured"

/** What nobody has checked. */
export const claimNote = "as the preamble claims: not checked"
