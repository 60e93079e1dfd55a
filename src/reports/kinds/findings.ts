import { milliseconds } from "../layout.ts"
import { levels, type Level, type ReportFinding, type ReportView } from "../view.ts"

/** What several kinds do with the findings of a view. */

/** All findings, the worst first; within a level every trace's worst before any trace's second. */
export const ranked = (view: ReportView): ReadonlyArray<ReportFinding> =>
  [view.findings, ...view.runs.map(({ findings }) => findings)]
    .flatMap((findings) => findings.map((finding, rank) => ({ finding, rank })))
    .toSorted((a, b) => gravity(a.finding.level) - gravity(b.finding.level) || a.rank - b.rank)
    .map(({ finding }) => finding)

/** 0 for the gravest. */
const gravity = (level: Level): number => levels.indexOf(level)

/** How many findings the view knows of but does not have. */
export const leftOutCount = (view: ReportView): number =>
  view.runs.reduce((sum, { findingsLeftOut }) => sum + findingsLeftOut, 0)

/** Where and when it shows: `row 7963 (line 7979), 480.189 ms, a2`; empty where that is not known. */
export const placeText = ({ row, line, timeUs, entity }: ReportFinding): string =>
  [
    ...(row === null ? [] : [`row ${row}${line === null ? "" : ` (line ${line})`}`]),
    ...(timeUs === null ? [] : [milliseconds(timeUs)]),
    ...(entity === null || entity === "" ? [] : [entity]),
  ].join(", ")

/** A text of at most so many characters, its end cut off if it is longer. */
export const shortened = (text: string, mostCharacters: number): string =>
  // Not between the halves of a surrogate pair.
  text.length <= mostCharacters
    ? text
    : `${text.slice(0, mostCharacters - 1).replace(/[\ud800-\udbff]$/, "")}…`
