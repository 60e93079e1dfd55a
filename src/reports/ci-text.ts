import type { CiChange, CiRun, documents } from "../domain/documents.ts"
import type { Paint, Style } from "../domain/style.ts"
import { inert } from "../domain/text.ts"
import { changeText, ciVerdict, ciWord, otherFailures } from "./ci-words.ts"
import { counted } from "./layout.ts"

type CiDocument = typeof documents.ci.Type

/** How many changes of one trace the terminal shows. */
const shownChanges = 12

/** One trace for the terminal: a line, and below it what has changed. */
export const ciText = (run: CiRun, style: Style, width: number): string => {
  const word = ciWord(run)
  const paint = wordPaint(run, style)
  const failures = otherFailures(run)
  const verdict = inert(ciVerdict(run))
  return [
    `${paint(word.padEnd(wordWidth))}  ${style.bold(inert(run.trace))}  ${failures.length > 0 ? style.red(verdict) : style.dim(verdict)}`,
    ...(failures.length === 0 ? [] : [`${indent}${style.red(`fails: ${failures.join(", ")}`)}`]),
    ...changeLines(run, style, width),
  ].join("\n")
}

const wordWidth = "changed".length
const indent = " ".repeat(wordWidth + 2)

const wordPaint = (run: CiRun, style: Style): Paint => {
  if (run.fails.length > 0) return style.red
  return run.written ? style.green : style.dim
}

const changeLines = (
  { changes, changesLeftOut }: CiRun,
  style: Style,
  width: number,
): ReadonlyArray<string> => {
  const shown = changes.slice(0, shownChanges)
  const more = changes.length - shown.length + changesLeftOut
  return [
    ...shown.flatMap((change) => oneChange(change, style, width - indent.length)),
    ...(more > 0 ? [style.dim(`and ${counted(more, "more change")}`)] : []),
  ].map((line) => indent + line)
}

/** A change on one line where it fits, else as the lines of a diff. */
const oneChange = (change: CiChange, style: Style, width: number): ReadonlyArray<string> => {
  const [subject, before, after] = [change.subject, change.before, change.after].map(inert) as [
    string,
    string,
    string,
  ]
  const paint = afterPaint(change, style)
  return changeText(change).length <= width
    ? [`${subject}: ${style.red(before)} → ${paint(after)}`]
    : [subject, style.red(`- ${before}`), paint(`+ ${after}`)]
}

const afterPaint = ({ direction }: CiChange, style: Style): Paint =>
  direction === "worse" ? style.yellow : style.green

/** What is said when all traces are done: what belongs to none of them. */
export const ciEnd = ({ obsolete, removed, index }: CiDocument, style: Style): ReadonlyArray<string> => [
  ...list(obsolete, `${counted(obsolete.length, "obsolete baseline")}, of no trace:`, style.red),
  ...list(removed, `${counted(removed.length, "obsolete baseline")} removed:`, style.green),
  ...(index === "changed" || index === "missing"
    ? [
        style.red(
          `the list of the baselines, README.md, is ${index === "missing" ? "missing" : "not as they are"}`,
        ),
      ]
    : []),
]

const list = (names: ReadonlyArray<string>, title: string, paint: Paint): ReadonlyArray<string> =>
  names.length === 0 ? [] : [paint(title), ...names.map((name) => `  ${inert(name)}`)]
