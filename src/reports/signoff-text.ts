import type { Documents, SignoffPart, SignoffRun } from "../domain/documents.ts"
import type { Style } from "../domain/style.ts"
import { inert } from "../domain/text.ts"
import { partStatuses } from "../domain/verdict.ts"
import { diffHeadline } from "./diff-words.ts"
import { columns, counted, indent } from "./layout.ts"
import type { PartNote } from "./part-note.ts"
import { claimNote, isOpen, predictionNote, verdictSentence } from "./signoff-words.ts"
import { firstFields, undefinedField, verdictLine } from "./verify-text.ts"
import { fields, labelWidth, wrap, type Field } from "./wrap.ts"

const textColumn = 2 + labelWidth(["not exercised"])

/** One trace of a sign-off for the terminal. */
export const signoffText = (
  run: SignoffRun,
  notes: ReadonlyMap<string, PartNote>,
  style: Style,
  width: number,
): string => {
  const { verify, diff } = run
  const room = Math.max(20, width - textColumn)
  const wrapped = (label: string, text: string): Field => ({ label, lines: wrap(inert(text), room) })
  return [
    verdictLine(verify, style),
    ...indent(
      fields([
        { label: "sha256", lines: [run.sha256] },
        ...(run.tornLine === null
          ? []
          : [wrapped("torn", `line ${run.tornLine} was dropped, and is not judged`)]),
        ...claimFields(run, style, room),
        ...(verify.reason === null ? [] : [wrapped("why", verify.reason)]),
        ...(verify.undefined === null
          ? []
          : [undefinedField(verify.undefined, verify.unjudgedRows, style, room)]),
        ...(verify.first === null ? [] : firstFields(verify.first, verify, notes, style, room)),
        ...partStatuses.flatMap((status) => {
          const names = run.parts.filter((one) => one.status === status).map(({ part }) => part)
          return names.length === 0 ? [] : [wrapped(status, names.join(", "))]
        }),
        // Not wrapped: they are to be copied.
        { label: "again", lines: [style.dim(verify.command)] },
        wrapped("predicted", `${diff.from} → ${diff.to}: ${diffHeadline(diff)} (${predictionNote})`),
        { label: "", lines: [style.dim(diff.command)] },
      ]),
    ),
  ].join("\n")
}

const claimFields = ({ claims }: SignoffRun, style: Style, room: number): ReadonlyArray<Field> => {
  if (claims.length === 0) return [{ label: "claims", lines: [style.dim("none")] }]
  const lines = claims.flatMap(({ key, value }) => wrap(inert(`${key}: ${value}`), room))
  return [{ label: "claims", lines: [style.dim(`(${claimNote})`), ...lines] }]
}

/** What all traces together show, and what they don't. */
export const signoffTogetherText = (
  document: Pick<Documents["signoff"], "against" | "without" | "together">,
  style: Style,
  width: number,
): string => {
  const { verdict, parts, doubts, command } = document.together
  const paint = { conforms: style.green, deviates: style.red, inconclusive: style.yellow }[verdict]
  return [
    ...wrap(verdictSentence(document), Math.max(40, width)).map((line) => style.bold(paint(line))),
    "",
    ...indent(partLines(parts, style)),
    ...openLines(parts.filter(isOpen), style, width),
    ...(doubts.length === 0 ? [] : ["", ...indent([style.bold("to be known")])]),
    ...doubts.flatMap((doubt) => indent(wrap(inert(doubt), Math.max(20, width - 4)).map(style.yellow), 4)),
    "",
    ...indent([style.dim(command)]),
  ].join("\n")
}

const partLines = (parts: ReadonlyArray<SignoffPart>, style: Style): ReadonlyArray<string> =>
  columns(
    [
      ["part", "confirmed by", "contradicted by", "not exercised by"].map(style.bold),
      ...parts.map(({ part, confirmedBy, contradictedBy, notExercisedBy }) => [
        part,
        confirmedBy.length > 0 ? style.green(`${confirmedBy.length}`) : "0",
        contradictedBy.length > 0 ? style.red(`${contradictedBy.length}`) : "0",
        `${notExercisedBy.length}`,
      ]),
    ],
    ["left", "right", "right", "right"],
  )

const openLines = (open: ReadonlyArray<SignoffPart>, style: Style, width: number): ReadonlyArray<string> =>
  open.length === 0
    ? []
    : [
        "",
        ...indent([
          style.bold(
            `${counted(open.length, "part")} not exercised, and what would reach ${open.length === 1 ? "it" : "them"}`,
          ),
        ]),
        ...indent(
          fields(
            open.map(({ part, workload }) => ({
              label: part,
              lines: wrap(workload, Math.max(20, width - 28)),
            })),
          ),
          4,
        ),
      ]
