import {
  ciChangeKinds,
  ciDirections,
  type CiChange,
  type CiChangeKind,
  type CiOutcomes,
} from "../../domain/documents.ts"
import { diffChanges } from "./compare-diff.ts"
import { changed } from "./changed.ts"
import { firstDifference } from "./first-difference.ts"
import { againstText, verdictText, type Judged } from "./verdict-words.ts"

/**
 * What differs between two outcomes of one trace, in the words of the field and not of the document: gravest first. Where none of
 * these words fits, one change names the first key that differs.
 */
export const compareOutcomes = (before: CiOutcomes, after: CiOutcomes): ReadonlyArray<CiChange> => {
  const changes = [
    ...traceChanges(before, after),
    ...questionChanges(before, after),
    ...verdictChanges(before, after),
    ...partChanges(before, after),
    ...diffChanges(before.diff, after.diff),
  ].toSorted(byGravity)
  return changes.length > 0 ? changes : otherChanges(before, after)
}

const rankOf = new Map<CiChangeKind, number>(ciChangeKinds.map(({ name }, rank) => [name, rank]))

/** By kind, then what has become worse; else as they come, for the sort is stable. */
const byGravity = (a: CiChange, b: CiChange): number =>
  rankOf.get(a.kind)! - rankOf.get(b.kind)! ||
  ciDirections.indexOf(a.direction) - ciDirections.indexOf(b.direction)

const traceChanges = (before: CiOutcomes, after: CiOutcomes): ReadonlyArray<CiChange> =>
  before.sha256 === after.sha256
    ? []
    : [changed("trace", "the trace itself has changed", contentText(before), contentText(after))]

const contentText = ({ sha256, rows }: CiOutcomes): string => `${rows} rows (sha256 ${sha256.slice(0, 8)}…)`

/** Outcomes are answers: whether the same was asked comes first. */
const questionChanges = (before: CiOutcomes, after: CiOutcomes): ReadonlyArray<CiChange> => {
  const asked = [
    ["what the trace must behave as", againstText(before), againstText(after)],
    ["the first semantics of the diff", before.diff.from, after.diff.from],
    ["the second semantics of the diff", before.diff.to, after.diff.to],
    ["what the diff fails on", failOnText(before), failOnText(after)],
  ] as const
  return asked.flatMap(([subject, was, is]) => (was === is ? [] : [changed("question", subject, was, is)]))
}

const failOnText = ({ diff }: CiOutcomes): string => diff.failOn.join(", ") || "nothing"

const grades: Readonly<Record<Judged["verdict"], number>> = {
  conforms: 2,
  explained: 2,
  inconclusive: 1,
  deviates: 0,
  unexplained: 0,
}

const verdictChanges = (before: CiOutcomes, after: CiOutcomes): ReadonlyArray<CiChange> => {
  const [was, is] = [verdictText(before), verdictText(after)]
  const [judgedBefore, judged] = [judgedOf(before), judgedOf(after)]
  const direction = directionOf(grades[judged.verdict] - grades[judgedBefore.verdict])
  const row = judged.first?.row ?? judged.undefined?.row ?? null
  const place = { row, entity: judged.first?.entity || null }
  const changes = was === is ? [] : [changed("verdict", "verdict", was, is, direction, place)]
  const counts = [judgedBefore.deviationCount, judged.deviationCount] as const
  if (counts[0] !== counts[1]) changes.push(counted("verdict", "deviations", counts))
  const undefinedTexts = [undefinedText(judgedBefore), undefinedText(judged)] as const
  if (undefinedTexts[0] !== undefinedTexts[1]) {
    changes.push(changed("verdict", "undefined behaviour", ...undefinedTexts, "other", place))
  }
  return changes
}

const judgedOf = ({ verify, diagnose }: CiOutcomes): Judged => (verify ?? diagnose)!

const undefinedText = ({ undefined: found }: Judged): string =>
  found === null ? "none" : `${found.kind} of ${found.entity} at row ${found.row}`

const counted = (kind: CiChangeKind, subject: string, [was, is]: readonly [number, number]): CiChange =>
  changed(kind, subject, `${was}`, `${is}`, directionOf(was - is))

/** Of a number of which more is better. */
const directionOf = (gain: number): CiChange["direction"] =>
  gain < 0 ? "worse" : gain > 0 ? "better" : "other"

const partChanges = (before: CiOutcomes, after: CiOutcomes): ReadonlyArray<CiChange> => {
  if (before.verify !== null && after.verify !== null) {
    const [was, is] = [before.verify.parts, after.verify.parts]
    const names = [...new Set([...Object.keys(is), ...Object.keys(was)])]
    return names
      .filter((name) => was[name] !== is[name])
      .map((name) => {
        const direction = is[name] === "contradicted" ? "worse" : "other"
        return changed("part", `part ${name}`, was[name] ?? "not of it", is[name] ?? "not of it", direction)
      })
  }
  if (before.diagnose === null || after.diagnose === null) return []
  const [was, is] = [before.diagnose.notExercised, after.diagnose.notExercised]
  return [
    ...is
      .filter((name) => !was.includes(name))
      .map((name) => changed("part", `part ${name}`, "exercised", "not exercised")),
    ...was
      .filter((name) => !is.includes(name))
      .map((name) => changed("part", `part ${name}`, "not exercised", "exercised")),
  ]
}

const otherChanges = (before: CiOutcomes, after: CiOutcomes): ReadonlyArray<CiChange> => {
  const difference = firstDifference(before, after)
  return difference === undefined
    ? []
    : [changed("other", difference.path, difference.before, difference.after)]
}
