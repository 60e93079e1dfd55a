import type { SemanticsRun } from "../domain/documents.ts"
import type { Style } from "../domain/style.ts"
import { counted, indent } from "./layout.ts"
import { placesText } from "./part-note.ts"
import { fields, labelWidth, wrap, type Field } from "./wrap.ts"

type Part = SemanticsRun["parts"][number]

/** Every semantics, and every part of the fix once, for the terminal. */
export const semanticsText = (runs: ReadonlyArray<SemanticsRun>, style: Style, width: number): string => {
  const names = runs.map(({ name }) => name)
  const room = Math.max(20, width - 2 - labelWidth(names))
  const parts = new Map(runs.flatMap((run) => run.parts.map((part) => [part.name, part])))
  return [
    style.bold("Semantics"),
    "",
    ...indent(fields(runs.map((run) => semanticsField(run, style, room)))),
    "",
    style.bold("Parts of the fix"),
    ...[...parts.values()].flatMap((part) => onePart(part, branchesOf(part, runs), style, width)),
  ].join("\n")
}

const semanticsField = (
  { name, summary, source, parts }: SemanticsRun,
  style: Style,
  room: number,
): Field => ({
  label: style.cyan(name),
  lines: wrap(`${summary}: ${counted(parts.length, "part")}, read from ${source}`, room),
})

const branchesOf = (part: Part, runs: ReadonlyArray<SemanticsRun>): ReadonlyArray<string> => [
  ...new Set(
    runs.filter((run) => run.parts.some(({ name }) => name === part.name)).map(({ branch }) => branch),
  ),
]

const onePart = (
  part: Part,
  branches: ReadonlyArray<string>,
  style: Style,
  width: number,
): ReadonlyArray<string> => {
  const room = Math.max(20, width - 2 - labelWidth(["symptom"]))
  return indent([
    "",
    `${style.cyan(part.name)}  ${style.dim(`${branches.join(" and ")}, ${part.commit}`)}`,
    ...fields([
      { label: "where", lines: wrap(placesText(part.places), room) },
      { label: "before", lines: wrap(part.before, room) },
      { label: "after", lines: wrap(part.after, room) },
      { label: "missing", lines: wrap(part.symptom, room) },
    ]),
  ])
}
