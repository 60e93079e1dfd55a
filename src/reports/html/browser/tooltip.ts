import type { Lane, Timeline } from "../../../domain/documents/timeline.ts"
import type { Hit } from "./events-chart.ts"
import { classNames } from "./marks.ts"
import { el, place } from "./dom.ts"
import { counted, milliseconds, subjectOf, wentOf } from "./words.ts"

/** What is said of something on a chart: its first line is a heading. */
export type Lines = ReadonlyArray<string>

export const hitLines = (hit: Hit, lane: Lane, timeline: Timeline): Lines => {
  if (hit.kind === "wait") {
    const wait = lane.waits[hit.wait]!
    return [subjectOf(wait), ...wentOf(wait), "click, or press Enter, for why"]
  }
  return hit.kind === "offers" ? offerLines(hit.marks, lane, timeline) : wakeLines(hit.marks, lane, timeline)
}

const offerLines = (marks: ReadonlyArray<number>, { offers }: Lane, timeline: Timeline): Lines => {
  const [first, last] = [marks[0]!, marks.at(-1)!]
  const sum = (column: ReadonlyArray<number>) => marks.reduce((total, mark) => total + column[mark]!, 0)
  const count = sum(offers.count)
  const went = `${sum(offers.woken)} woken, ${sum(offers.skipped)} passed over`
  if (marks.length === 1) {
    const by = nameOf(timeline, offers.by[first]!)
    return [
      count === 1 ? `an offer${by}` : `${count} neighbouring offers`,
      `row ${offers.row[first]!}, ${milliseconds(offers.timeUs[first]!)}`,
      `avail ${offers.avail[first]!}, threshold ${offers.threshold[first]!}: ${went}`,
      `${offers.queueLength[first]!} queued after it`,
    ]
  }
  return [`${count} offers`, spanLine(offers, first, last), went, "zoom in to see each of them"]
}

const wakeLines = (marks: ReadonlyArray<number>, { wakes }: Lane, timeline: Timeline): Lines => {
  const [first, last] = [marks[0]!, marks.at(-1)!]
  if (marks.length === 1) {
    return [
      `${timeline.entities[wakes.entity[first]!] ?? "somebody"} is woken: ${classNames(wakes.classes[first]!)}`,
      `row ${wakes.row[first]!}, ${milliseconds(wakes.timeUs[first]!)}`,
      `an offer${nameOf(timeline, wakes.by[first]!)}`,
    ]
  }
  const classes = new Map<string, number>()
  for (const mark of marks) {
    const names = classNames(wakes.classes[mark]!)
    classes.set(names, (classes.get(names) ?? 0) + 1)
  }
  const most = [...classes].toSorted((a, b) => b[1] - a[1]).map(([names, count]) => `${count} ${names}`)
  return [`${marks.length} wakes`, spanLine(wakes, first, last), ...most, "zoom in to see each of them"]
}

const nameOf = ({ entities }: Timeline, entity: number): string =>
  entity === -1 ? "" : ` by ${entities[entity]!}`

const spanLine = (
  { row, timeUs }: Pick<Lane["offers"], "row" | "timeUs">,
  first: number,
  last: number,
): string =>
  `rows ${row[first]!} to ${row[last]!}, ${milliseconds(timeUs[first]!)} to ${milliseconds(timeUs[last]!)}`

/** The pool and the queue, at a place in their columns. */
export const poolLines = (at: number, { pool }: Lane, { limit }: Timeline): Lines =>
  at < 0
    ? ["nothing has happened yet"]
    : [
        `${pool.used[at]!} of ${counted(pool.allocated[at]!, "buffer")} in use${limit === 0 ? "" : `, limit ${limit}`}`,
        `${pool.queueLength[at]!} queued`,
        `since row ${pool.row[at]!}, ${milliseconds(pool.timeUs[at]!)}`,
        ...(pool.stride > 1 ? [`the highest of ${pool.stride} changes`] : []),
      ]

export interface Tooltip {
  readonly show: (lines: Lines, left: number, top: number) => void
  readonly hide: () => void
}

/** One for the whole page, out of the way of the pointer. Screen readers are told by the live region instead. */
export const makeTooltip = (): Tooltip => {
  const element = el("div", { class: "tooltip", "aria-hidden": "true", hidden: true })
  document.body.append(element)
  const hide = (): void => {
    element.hidden = true
  }
  addEventListener("scroll", hide, { passive: true })
  return {
    hide,
    show: ([heading, ...rest], left, top) => {
      element.replaceChildren(el("b", {}, heading ?? ""), ...rest.map((line) => el("span", {}, line)))
      element.hidden = false
      const { offsetWidth: width, offsetHeight: height } = element
      const room = document.documentElement.clientWidth
      place(element, {
        left: Math.max(4, left + 14 + width > room ? left - width - 14 : left + 14),
        top: top + 16 + height > innerHeight ? top - height - 12 : top + 16,
      })
    },
  }
}
