import type { DiagnoseRun, DiagnoseTogether } from "../domain/documents.ts"
import type { Style } from "../domain/style.ts"
import { inert } from "../domain/text.ts"
import { isPostFix, isWhole, tried, words, type Found } from "./diagnose-words.ts"
import { counted, indent } from "./layout.ts"
import { placesText, type PartNote } from "./part-note.ts"
import { firstFields, undefinedField } from "./verify-text.ts"
import { fields, labelWidth, wrap, type Field } from "./wrap.ts"

/** What a diagnosis says of a part beside where it lives. */
export interface HunkNote extends PartNote {
  readonly symptom: string
  /** What a recording must hold to exercise it. */
  readonly workload: string
}

type Notes = ReadonlyMap<string, HunkNote>

const textColumn = 2 + labelWidth(["not exercised"])

/** One diagnosis for the terminal. `notes`: what is known of each part, by its name. */
export const diagnoseText = (run: DiagnoseRun, notes: Notes, style: Style, width: number): string => {
  const room = Math.max(20, width - textColumn)
  const again = run.verdict !== "explained" || !isWhole(run)
  return [
    `${style.bold(inert(run.trace))}  ${verdictText(run, counted(run.rows, "row"), style)}`,
    ...indent(
      fields([
        ...(run.reason === null ? [] : [{ label: "why", lines: wrap(inert(run.reason), room) }]),
        ...foundFields(run, notes, style, room),
        ...(run.undefined === null ? [] : [undefinedField(run.undefined, run.unjudgedRows, style, room)]),
        ...(run.verdict === "unexplained" ? nearestFields(run, notes, style, room) : []),
        ...openField(run, style, room),
        // Not wrapped: it is to be copied.
        ...(again ? [{ label: "again", lines: [style.dim(run.command)] }] : []),
      ]),
    ),
  ].join("\n")
}

/** What several traces of one build say together; and for what nobody exercised, what would. */
export const togetherText = (
  found: DiagnoseTogether | DiagnoseRun,
  notes: Notes,
  style: Style,
  width: number,
): string => {
  const room = Math.max(20, width - textColumn)
  const all: Array<Field> = []
  if ("unexplained" in found) {
    all.push(...foundFields(found, notes, style, room), ...missedField(found, style, room))
    all.push(...openField(found, style, room))
  }
  const head =
    "unexplained" in found
      ? [`${style.bold("together")}  ${verdictText(found, counted(found.traces, "trace"), style)}`]
      : []
  return ["", ...head, ...indent(fields(all)), ...reaching(found.notExercised, notes, style, width)].join(
    "\n",
  )
}

const verdictText = (found: Found, what: string, style: Style): string => {
  switch (found.verdict) {
    case "unexplained":
      return `${style.red("unexplained")}  ${style.dim(`no ${tried(found)} of the fix's parts explains ${what}`)}`
    case "inconclusive":
      return `${style.yellow("inconclusive")}  ${style.dim(what)}`
    case "explained": {
      const paint = !isWhole(found) ? style.red : isPostFix(found) ? style.green : style.yellow
      return `${paint(words(found))} explains all ${what}`
    }
  }
}

const foundFields = (found: Found, notes: Notes, style: Style, room: number): ReadonlyArray<Field> => {
  const { alsoConforms, equivalent } = found
  const fix = (set: ReadonlyArray<string>) =>
    isPostFix(found) ? { without: set, with: [] } : { without: [], with: set }
  const others = equivalent.slice(1).map((set) => words({ base: found.base, ...fix(set) }))
  const all: Array<Field> = []
  if (found.verdict === "explained" && isWhole(found)) {
    const meaning = isPostFix(found)
      ? "no part of the fix that is exercised is missing"
      : "no part of the fix that is exercised is there"
    all.push({ label: "so", lines: wrap(meaning, room) })
  }
  if (others.length > 0) {
    const lines = others.flatMap((other) => wrap(other, room))
    all.push({
      label: "or",
      lines: [...lines, style.dim("any one of these: nothing recorded tells them apart")],
    })
  }
  if (alsoConforms.length > 0) {
    const them = alsoConforms.map(words)
    const [label, text] =
      found.verdict === "inconclusive"
        ? ["explained by", [words(found), ...them].join(" and ")]
        : ["so does", them.join("; ")]
    all.push({ label, lines: wrap(text, room) })
  }
  if (found.verdict !== "unexplained") all.push(...hunkFields(found, notes, style, room))
  return all
}

/** Each hunk that is missing, or may be, as a backporter looks for it. */
const hunkFields = (found: Found, notes: Notes, style: Style, room: number): ReadonlyArray<Field> => {
  if (!isPostFix(found)) return []
  const isSure = (name: string) => found.equivalent.every((set) => set.includes(name))
  const all = [...new Set(found.equivalent.flat())]
  const names = [...all.filter(isSure), ...all.filter((name) => !isSure(name))]
  return names.map((name) => {
    const note = notes.get(name)
    const label = style.red(isSure(name) ? "missing" : "perhaps")
    if (note === undefined) return { label, lines: [name] }
    return {
      label,
      lines: [
        ...wrap(`${name}: ${placesText(note.places)} (${note.commit})`, room),
        ...wrap(`as recorded, before the fix: ${note.before}`, room).map(style.dim),
        ...wrap(`after it: ${note.after}`, room).map(style.dim),
        ...wrap(`what it does: ${note.symptom}`, room).map(style.dim),
      ],
    }
  })
}

/** Where nothing explains a trace: what gets furthest, and what is left. */
const nearestFields = (run: DiagnoseRun, notes: Notes, style: Style, room: number): ReadonlyArray<Field> => {
  const left = run.complete
    ? "every choice of the fix's parts was tried: what is left is no hunk of the fix"
    : `every set of up to ${counted(run.searched, "part")} was tried, larger ones not all of them`
  // A part that is turned on in a pre-fix semantics is after the fix all the same.
  const isOn = run.with.includes(run.first?.part ?? "")
  const under = { semantics: isOn ? "post-fix" : run.base, without: run.without }
  // Where no part is to blame, none is named.
  const first = run.first !== null && run.complete ? { ...run.first, part: null } : run.first
  return [
    { label: "nearest", lines: [...wrap(words(run), room), ...wrap(left, room).map(style.dim)] },
    ...(first === null
      ? []
      : firstFields(first, { ...under, deviationCount: run.deviationCount }, notes, style, room)),
  ]
}

const missedField = (found: DiagnoseTogether, style: Style, room: number): ReadonlyArray<Field> => {
  if (found.verdict !== "unexplained") return []
  const count = found.traces - found.unexplained.length
  const best = `${words(found)}, which explains ${count} of them, but not`
  return [
    {
      label: "nearest",
      lines: [...wrap(best, room), ...found.unexplained.map((trace) => style.yellow(inert(trace)))],
    },
  ]
}

const openField = ({ notExercised }: Found, style: Style, room: number): ReadonlyArray<Field> =>
  notExercised.length === 0
    ? []
    : [{ label: style.dim("not exercised"), lines: wrap(notExercised.join(", "), room) }]

/** For each part that was not exercised, the workload that would. */
const reaching = (
  names: ReadonlyArray<string>,
  notes: Notes,
  style: Style,
  width: number,
): ReadonlyArray<string> => {
  const room = Math.max(20, width - 4)
  const known = names.flatMap((name) => notes.get(name) ?? [])
  if (known.length === 0) return []
  const lines = ["what would exercise the rest"]
  for (const { name, workload } of known) {
    lines.push(`  ${style.dim(name)}`)
    for (const line of wrap(workload, room - 2)) lines.push(`    ${line}`)
  }
  return indent(lines)
}
