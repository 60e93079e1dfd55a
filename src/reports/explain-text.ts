import type { ExplainEvent, ExplainRun } from "../domain/documents.ts"
import type { Style } from "../domain/style.ts"
import { inert } from "../domain/text.ts"
import type { Ending, Wait } from "../domain/wait.ts"
import { counted, indent, milliseconds, share } from "./layout.ts"
import { fields, labelWidth, wrap, type Field } from "./wrap.ts"

/** One explained wait for the terminal: who waits, what happened, and, beside another semantics, where the two part ways. */
export const explainText = (run: ExplainRun, style: Style, width: number): string => {
  const { beside, partWays } = run
  return [
    `${style.bold(inert(run.trace))}  ${counted(run.rows, "row")}`,
    ...indent(headOf(run.wait, run.number, run, run.others, style, width)),
    ...indent(takenText(run, width).map((line) => style.dim(line))),
    "",
    ...indent(timeline(run.events, style, width - 2)),
    ...(beside === null ? [] : ["", ...indent(besideText(beside, run.wait, style, width))]),
    ...(beside === null ? [] : ["", ...indent(partText(partWays, beside.wait === null, style, width))]),
    "",
    `  ${style.dim(inert(run.command))}`,
  ].join("\n")
}

const takenText = ({ under, reason }: ExplainRun, width: number): ReadonlyArray<string> =>
  reason === null ? [] : wrap(inert(`${under} is taken: ${reason}`), width - 2)

type Side = Pick<ExplainRun, "under" | "fidelity" | "firstDepartureRow" | "waitCount">

const headOf = (
  wait: Wait,
  number: number,
  side: Side,
  others: ReadonlyArray<number>,
  style: Style,
  width: number,
): ReadonlyArray<string> => {
  const took = `rows ${wait.beginRow} to ${wait.endRow}, ${milliseconds(wait.endTimeUs - wait.beginTimeUs)}`
  const numbers = `wait ${number} of ${side.waitCount}`
  const more = others.length === 0 ? "" : `; ${wait.requester} has others too: ${numbersText(others)}`
  return [
    `${style.bold(inert(whoWaits(wait)))}: ${paintOf(wait.ending, style)(wait.ending)}`,
    ...wrap(`under ${side.under}: ${numbers}, ${took}${more}`, width - 2).map(inert),
    ...restsOn(side, width).map((line) => style.dim(line)),
  ]
}

const shownNumbers = 12

const numbersText = (numbers: ReadonlyArray<number>): string =>
  numbers.length <= shownNumbers
    ? numbers.join(", ")
    : `${numbers.slice(0, shownNumbers).join(", ")} and ${numbers.length - shownNumbers} more`

/** How much of the replay is the recording itself. */
const restsOn = ({ fidelity, firstDepartureRow }: Side, width: number): ReadonlyArray<string> =>
  firstDepartureRow === null
    ? []
    : wrap(
        `fidelity ${share(fidelity)}: from row ${firstDepartureRow} on this rests on the replay's rules`,
        width - 2,
      )

const whoWaits = ({ requester, kind, appletName, buffer }: Wait): string =>
  `${appletName ?? kind} ${requester} waits for ${buffer === "own" ? "its own buffer" : buffer}`

const paintOf = (ending: Ending, style: Style) =>
  ending === "starved" || ending === "undefined"
    ? style.red
    : ending === "served directly"
      ? style.green
      : style.yellow

/** An event a line, or as many as its sentence needs; of a fold the first and the last behind it. */
const timeline = (
  events: ReadonlyArray<ExplainEvent>,
  style: Style,
  width: number,
): ReadonlyArray<string> => {
  const labels = events.map(({ row, last }) => `row ${row}${last === undefined ? "" : ` to ${last.row}`}`)
  const times = events.map(({ timeUs }) => milliseconds(timeUs))
  const timeWidth = Math.max(0, ...times.map((time) => time.length))
  const room = Math.max(30, width - labelWidth(labels) - timeWidth - 2)
  const lines = events.map((event, at): Field => {
    const time = times[at]!.padStart(timeWidth)
    const own = wrap(inert(event.text), room).map((line) => paintEvent(event, line, style))
    const ends = [event.first, event.last].flatMap((moment, which) =>
      moment === undefined
        ? []
        : wrap(`${which === 0 ? "first" : "last"}, row ${moment.row}: ${inert(moment.text)}`, room - 2)
            .map((line, index) => (index === 0 ? line : `  ${line}`))
            .map((line) => style.dim(`  ${line}`)),
    )
    const gap = " ".repeat(timeWidth)
    return {
      label: labels[at]!,
      lines: [...own, ...ends].map((line, index) => `${index === 0 ? time : gap}  ${line}`),
    }
  })
  return fields(lines)
}

const paintEvent = ({ kind, result, first }: ExplainEvent, line: string, style: Style): string => {
  if (kind === "end") return paintOf(result as Ending, style)(line)
  return kind === "attempt" && result === "ok" && first === undefined ? style.green(line) : line
}

const besideText = (
  beside: NonNullable<ExplainRun["beside"]>,
  wait: Wait,
  style: Style,
  width: number,
): ReadonlyArray<string> => {
  if (beside.wait === null || beside.number === null) {
    const others =
      beside.others.length === 0 ? "it never waits there" : `its waits there: ${numbersText(beside.others)}`
    const none = `under ${beside.under} there is no such wait: ${wait.requester} does not begin to wait for ${wait.buffer} at row ${wait.beginRow}; ${others}`
    return [...wrap(inert(none), width - 2), ...restsOn(beside, width).map((line) => style.dim(line))]
  }
  return [
    ...headOf(beside.wait, beside.number, beside, beside.others, style, width),
    "",
    ...timeline(beside.events, style, width - 2),
  ]
}

/** `whole`: the two replays were compared from the begin of the trace on, for only one of them has the wait. */
const partText = (
  partWays: ExplainRun["partWays"],
  whole: boolean,
  style: Style,
  width: number,
): ReadonlyArray<string> => {
  if (partWays === null) return [style.bold("the two do not part ways in this wait")]
  const { row, timeUs, text, parts } = partWays
  const rule =
    parts.length === 0
      ? "which part of the fix makes this difference cannot be told here: it follows from an earlier one"
      : `the rule is that of ${parts.join(parts.length === 2 ? " or " : ", ")}`
  const which = whole ? "the two replays part ways for the first time" : "the two part ways"
  return [
    style.bold(`${which} at row ${row}, ${milliseconds(timeUs)}`),
    ...indent(wrap(inert(`${text}; ${rule}`), width - 4)),
  ]
}
