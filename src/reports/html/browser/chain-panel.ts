import type { ChainEvent, Lane, LaneWait, Timeline } from "../../../domain/documents/timeline.ts"
import { beside, isShared, partingRow, type Line } from "./beside.ts"
import { commandBlock } from "./copy.ts"
import { button, el } from "./dom.ts"
import { sameIn, waitAt, type WaitPlace } from "./places.ts"
import { milliseconds, subjectOf, wentOf } from "./words.ts"

/** Why a wait ended as it did: its causal chain under each semantics, side by side, row by row. */

/** The same wait under each semantics; null where it has none. */
type Sides = ReadonlyArray<{ readonly lane: Lane; readonly wait: LaneWait | null }>

const sidesOf = ({ lanes }: Timeline, place: WaitPlace): Sides =>
  lanes.map((lane, at) => {
    const wait = sameIn(lanes, place, at)
    return { lane, wait: wait === null ? null : (lane.waits[wait] ?? null) }
  })

export interface PanelActions {
  readonly onClose: () => void
  readonly onZoom: () => void
  readonly onStep: (by: number) => void
}

export const chainPanel = (
  timeline: Timeline,
  place: WaitPlace,
  id: string,
  actions: PanelActions,
): HTMLElement => {
  const sides = sidesOf(timeline, place)
  const heading = el("h4", { id, tabindex: "-1" }, subjectOf(waitAt(timeline.lanes, place)!))
  const panel = el(
    "section",
    { class: "chain", "aria-labelledby": id },
    el(
      "div",
      { class: "chain-head" },
      heading,
      el(
        "div",
        { class: "tools" },
        button("Previous wait", {}, () => actions.onStep(-1)),
        button("Next wait", {}, () => actions.onStep(1)),
        button("Zoom to it", {}, actions.onZoom),
        button("Close", { class: "close" }, actions.onClose),
      ),
    ),
    el("div", { class: "sides" }, ...sides.map(sideOf)),
    ...story(sides),
  )
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") actions.onClose()
  })
  return panel
}

const sideOf = ({ lane, wait }: Sides[number]): HTMLElement => {
  const lines = wait === null ? ["no such wait"] : wentOf(wait)
  return el(
    "div",
    { class: "side" },
    el("h5", {}, lane.under),
    ...lines.map((line, at) => el("p", at === 0 ? { class: "ending" } : {}, line)),
    ...(wait === null ? [] : [commandBlock(wait.command)]),
  )
}

const story = (sides: Sides): ReadonlyArray<HTMLElement> => {
  const told = sides.filter(({ wait }) => wait !== null && wait.chain !== null)
  if (told.length === 0) {
    return [
      el("p", { class: "note" }, "The chain of events is not kept in this page: the command above tells it."),
    ]
  }
  const [left, right] = told.map(({ wait }) => wait!.chain!)
  const lines = beside(left!, right ?? [])
  const parting = told.length === 2 ? partingRow(lines) : null
  return [
    el(
      "p",
      { class: "note" },
      ...(told.length < sides.filter(({ wait }) => wait !== null).length
        ? ["Only one of the two chains is kept in this page; the other's command tells it. "]
        : []),
      ...(told.length < 2
        ? []
        : [parting === null ? "Both go the same way." : `The two part ways at row ${parting}.`]),
    ),
    el(
      "div",
      { class: "scroll", tabindex: "0", role: "group", "aria-label": "Chain of events" },
      chainTable(
        lines,
        told.map(({ lane }) => lane.under),
        parting,
      ),
    ),
  ]
}

const chainTable = (
  lines: ReadonlyArray<Line>,
  names: ReadonlyArray<string>,
  parting: number | null,
): HTMLElement => {
  const heads = ["row", "time", ...names].map((name) => el("th", { scope: "col" }, name))
  let isParted = false
  const rows = lines.map((line) => {
    const isParting = parting !== null && !isParted && !isShared(line)
    isParted ||= isParting
    return chainRow(line, names.length, isParting)
  })
  return el(
    "table",
    { class: "events" },
    el("caption", { class: "hidden" }, "The chain of events, row by row"),
    el("thead", {}, el("tr", {}, ...heads)),
    el("tbody", {}, ...rows),
  )
}

const chainRow = (line: Line, columnCount: number, isParting: boolean): HTMLElement => {
  const first = (line.left ?? line.right)!
  const rows = first.lastRow === undefined ? String(first.row) : `${first.row} to ${first.lastRow}`
  const cells =
    columnCount === 2 && isShared(line)
      ? [el("td", { colspan: 2, class: classOf(first) }, first.text)]
      : [line.left, line.right]
          .slice(0, columnCount)
          .map((event) => (event === null ? el("td", {}) : el("td", { class: classOf(event) }, event.text)))
  return el(
    "tr",
    isParting ? { class: "parting" } : {},
    el("th", { scope: "row" }, rows),
    el("td", { class: "time" }, milliseconds(first.timeUs)),
    ...cells,
  )
}

const classOf = ({ own, kind }: ChainEvent): string => `${own ? "own" : "others"} kind-${kind}`
