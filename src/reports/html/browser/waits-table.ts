import type { Timeline } from "../../../domain/documents/timeline.ts"
import { button, el } from "./dom.ts"
import type { WaitPlace } from "./places.ts"
import { counted, milliseconds, subjectOf } from "./words.ts"

/** The waits in words: what the charts draw, for those who don't see them, and for looking things up. */

const pageLength = 20

export interface WaitsTable {
  readonly element: HTMLElement
  readonly update: (waits: ReadonlyArray<WaitPlace>) => void
}

export const waitsTable = (timeline: Timeline, onOpen: (place: WaitPlace) => void): WaitsTable => {
  let all: ReadonlyArray<WaitPlace> = []
  let page = 0
  const body = el("tbody")
  const where = el("span", { role: "status" })
  const turn = (by: number) => (): void => {
    page += by
    draw()
  }
  const previous = button("Previous page", {}, turn(-1))
  const next = button("Next page", {}, turn(1))
  const draw = (): void => {
    const from = page * pageLength
    const shown = all.slice(from, from + pageLength)
    body.replaceChildren(...shown.map((place) => rowOf(timeline, place, () => onOpen(place))))
    where.textContent =
      all.length === 0
        ? "no waits"
        : `${from + 1} to ${from + shown.length} of ${counted(all.length, "wait")}`
    previous.disabled = page === 0
    next.disabled = from + pageLength >= all.length
  }
  const heads = ["wait", "under", "ending", "change", "rows", "begins", "lasts", "wakes", ""]
  const table = el(
    "table",
    { class: "waits" },
    el("caption", {}, "Waits that pass the filter"),
    el(
      "thead",
      {},
      el("tr", {}, ...heads.map((head) => (head === "" ? el("td") : el("th", { scope: "col" }, head)))),
    ),
    body,
  )
  const element = el(
    "details",
    { class: "waits-table" },
    el("summary", {}, "The waits as a table"),
    el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table of waits" }, table),
    el("div", { class: "tools" }, previous, where, next),
  )
  return {
    element,
    update: (waits) => {
      all = waits
      page = 0
      draw()
    },
  }
}

const rowOf = ({ lanes }: Timeline, { lane, wait }: WaitPlace, onOpen: () => void): HTMLElement => {
  const { under, waits } = lanes[lane]!
  const one = waits[wait]!
  const cells = [
    under,
    one.ending,
    one.change ?? "",
    `${one.beginRow} to ${one.endRow}`,
    milliseconds(one.beginTimeUs),
    milliseconds(one.endTimeUs - one.beginTimeUs),
    `${one.wakes}, ${one.futileWakes} futile`,
  ]
  const subject = subjectOf(one)
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, subject),
    ...cells.map((cell) => el("td", {}, cell)),
    el("td", {}, button("Why", { "aria-label": `Why ${subject}, from row ${one.beginRow}` }, onOpen)),
  )
}
