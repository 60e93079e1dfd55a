import type { VerifyRun } from "../domain/documents.ts"
import type { Paint, Style } from "../domain/style.ts"
import { inert } from "../domain/text.ts"
import { deviationKinds, partStatuses, type PartStatus, type Verdict } from "../domain/verdict.ts"
import { counted, indent, milliseconds } from "./layout.ts"
import { placesText, type PartNote } from "./part-note.ts"
import { undefinedText } from "./undefined-words.ts"
import { fields, labelWidth, wrap, type Field } from "./wrap.ts"

type Deviation = NonNullable<VerifyRun["first"]>
type Undefined = NonNullable<VerifyRun["undefined"]>

/** Where the text of a field begins: all fields of a run are aligned, so its longest label decides. */
const textColumn = 2 + labelWidth(["not exercised"])

/** One verification for the terminal. `notes`: what is known of each part, by its name. */
export const verifyText = (
  run: VerifyRun,
  notes: ReadonlyMap<string, PartNote>,
  style: Style,
  width: number,
): string => {
  const room = Math.max(20, width - textColumn)
  return [
    verdictLine(run, style),
    ...indent(
      fields([
        ...(run.reason === null ? [] : [{ label: "why", lines: wrap(inert(run.reason), room) }]),
        ...(run.undefined === null ? [] : [undefinedField(run.undefined, run.unjudgedRows, style, room)]),
        ...(run.first === null ? [] : firstFields(run.first, run, notes, style, room)),
        ...partFields(run, style, room),
        // Not wrapped: it is to be copied.
        ...(run.verdict === "conforms" ? [] : [{ label: "again", lines: [style.dim(run.command)] }]),
      ]),
    ),
  ].join("\n")
}

const verdictWords: { readonly [V in Verdict]: readonly [words: string, paint: keyof Style] } = {
  conforms: ["conforms to", "green"],
  deviates: ["deviates from", "red"],
  inconclusive: ["inconclusive under", "yellow"],
}

const semanticsText = ({ semantics, without }: VerifyRun): string =>
  without.length === 0 ? semantics : `${semantics} without ${without.join(", ")}`

export const verdictLine = (run: VerifyRun, style: Style): string => {
  const [words, paint] = verdictWords[run.verdict]
  const verdict = `${style[paint](words)} ${semanticsText(run)}`
  const counts = `${counted(run.deviationCount, "deviation")} in ${counted(run.rows, "row")}`
  return `${style.bold(inert(run.trace))}  ${verdict}  ${style.dim(counts)}`
}

export const undefinedField = (
  undefined_: Undefined,
  unjudgedRows: number,
  style: Style,
  room: number,
): Field => ({
  label: "undefined",
  lines: wrap(inert(undefinedText(undefined_, unjudgedRows)), room).map(style.yellow),
})

/** What the first deviation is looked at under. */
type Under = Pick<VerifyRun, "semantics" | "without" | "deviationCount">

export const firstFields = (
  first: Deviation,
  run: Under,
  notes: ReadonlyMap<string, PartNote>,
  style: Style,
  room: number,
): ReadonlyArray<Field> => {
  const where = `line ${first.line} (row ${first.row}, ${milliseconds(first.timeUs)})`
  const what = first.entity === "" ? first.event : `${first.event} of ${first.entity}`
  const meaning = deviationKinds.find(({ name }) => name === first.kind)!.meaning
  const wrapped = (text: string, paint: Paint): ReadonlyArray<string> => wrap(inert(text), room).map(paint)
  return [
    { label: "deviates at", lines: [`${where}: ${inert(what)}`, ...wrapped(meaning, style.dim)] },
    { label: "expected", lines: wrapped(first.expected, style.green) },
    { label: "recorded", lines: wrapped(first.recorded, style.red) },
    ...(first.part === null ? [] : [ruleField(first.part, run, notes, style, room)]),
    ...(run.deviationCount > 1
      ? [{ label: "and", lines: [`${run.deviationCount - 1} more; only the first is sure to be a cause`] }]
      : []),
  ]
}

/** The part of the fix that the deviation hangs on: what this semantics says, what the other side says, and where. */
const ruleField = (
  part: string,
  run: Under,
  notes: ReadonlyMap<string, PartNote>,
  style: Style,
  room: number,
): Field => {
  const note = notes.get(part)
  if (note === undefined) return { label: "rule", lines: [part] }
  const isAfter = run.semantics.endsWith("post-fix") && !run.without.includes(part)
  const [side, says, otherSide, other] = isAfter
    ? ["after the fix", note.after, "before it", note.before]
    : ["before the fix", note.before, "after it", note.after]
  return {
    label: "rule",
    lines: [
      ...wrap(`${part}, ${side}: ${says}`, room),
      ...wrap(`${otherSide}: ${other}`, room).map(style.dim),
      ...wrap(`${placesText(note.places)} (${note.commit})`, room).map(style.dim),
    ],
  }
}

/** What went wrong comes first. */
const shownStatuses = partStatuses.toSorted(
  (a, b) => Number(b === "contradicted") - Number(a === "contradicted"),
)

const statusPaints: { readonly [S in PartStatus]: keyof Style } = {
  contradicted: "red",
  confirmed: "green",
  "not exercised": "dim",
}

/** The parts by status. A status that no part has is left out. */
const partFields = (run: VerifyRun, style: Style, room: number): ReadonlyArray<Field> =>
  shownStatuses.flatMap((status) => {
    const names = Object.keys(run.parts).filter((name) => run.parts[name] === status)
    if (names.length === 0) return []
    const paint = style[statusPaints[status]]
    return [{ label: paint(status), lines: wrap(names.join(", "), room) }]
  })
