import type { VerifyRun } from "../../domain/documents.ts"
import { deviationKinds } from "../../domain/verdict.ts"
import { counted, milliseconds } from "../layout.ts"
import { placesText, type PartNote } from "../part-note.ts"
import { undefinedText } from "../undefined-words.ts"
import type { Fact, ReportFinding } from "../view.ts"

type Deviation = NonNullable<VerifyRun["first"]>
type Undefined = NonNullable<VerifyRun["undefined"]>

/** What a deviation is looked at under: a verification, or the explanation that a diagnosis found best. */
export interface Looked {
  readonly trace: string
  /** In words, such as `1.7-post-fix without notify-release`. */
  readonly under: string
  /** Whether a part is after the fix there. */
  readonly isAfter: (part: string) => boolean
  readonly deviationCount: number
  readonly command: string
}

/** The first deviation as the finding that a run fails for. */
export const deviationFinding = (
  first: Deviation,
  looked: Looked,
  notes: ReadonlyMap<string, PartNote>,
): ReportFinding => {
  const what = first.entity === "" ? first.event : `${first.event} of ${first.entity}`
  const meaning = deviationKinds.find(({ name }) => name === first.kind)!.meaning
  const more = looked.deviationCount - 1
  return {
    level: "error",
    rule: "deviates",
    title: `deviates from ${looked.under} at row ${first.row}: ${what}`,
    details: [
      meaning,
      `expected: ${first.expected}`,
      `recorded: ${first.recorded}`,
      ...ruleLines(first.part, looked, notes),
      ...(more > 0 ? [`${counted(more, "more deviation")}; only the first is sure to be a cause`] : []),
    ],
    trace: looked.trace,
    row: first.row,
    line: first.line,
    timeUs: first.timeUs,
    entity: first.entity === "" ? null : first.entity,
    commands: [looked.command],
    identity: [
      "deviates",
      looked.trace,
      looked.under,
      first.kind,
      first.part ?? "",
      first.event,
      first.entity,
    ],
  }
}

const ruleLines = (
  part: string | null,
  { isAfter }: Looked,
  notes: ReadonlyMap<string, PartNote>,
): ReadonlyArray<string> => {
  const note = part === null ? undefined : notes.get(part)
  if (note === undefined) return part === null ? [] : [`rule: ${part}`]
  const [side, says, otherSide, other] = isAfter(note.name)
    ? ["after the fix", note.after, "before it", note.before]
    : ["before the fix", note.before, "after it", note.after]
  return [
    `rule: ${note.name}, ${side}: ${says}`,
    `${otherSide}: ${other}`,
    `${placesText(note.places)} (${note.commit})`,
  ]
}

/** Where the first deviation is, as a fact. */
export const deviationFact = (first: Deviation): Fact => ({
  label: "first deviation",
  value: [
    `row ${first.row}, line ${first.line}, ${milliseconds(first.timeUs)}: ${first.event}${first.entity === "" ? "" : ` of ${first.entity}`}`,
    `expected ${first.expected}`,
    `recorded ${first.recorded}`,
    ...(first.part === null ? [] : [`by the rule of ${first.part}`]),
  ],
  tone: "bad",
})

/** Undefined behaviour that a trace conforms to is to be known all the same: the process crashed, or might have. */
export const undefinedFinding = (
  undefined_: Undefined,
  unjudgedRows: number,
  { trace, under, command }: Looked,
): ReportFinding => ({
  level: "warning",
  rule: "undefined",
  title: `${undefined_.kind} at row ${undefined_.row} under ${under}: ${undefined_.entity}`,
  details: [undefinedText(undefined_, unjudgedRows)],
  trace,
  row: undefined_.row,
  line: null,
  timeUs: null,
  entity: undefined_.entity,
  commands: [command],
  identity: ["undefined", trace, under, undefined_.kind, undefined_.entity],
})

/** That a trace allows no verdict. */
export const inconclusiveFinding = (
  reason: string | null,
  { trace, under, command }: Looked,
): ReportFinding => ({
  level: "warning",
  rule: "inconclusive",
  title: `no verdict under ${under}`,
  details: reason === null ? [] : [reason],
  trace,
  row: null,
  line: null,
  timeUs: null,
  entity: null,
  commands: [command],
  identity: ["inconclusive", trace, under],
})

/** Parts by what the trace says of them, a fact a status; a status that no part has is left out. */
export const partFact = (
  label: string,
  names: ReadonlyArray<string>,
  tone: Fact["tone"],
): ReadonlyArray<Fact> => (names.length === 0 ? [] : [{ label, value: [names.join(", ")], tone }])
