import type uPlot from "uplot"
import type { Lane, Timeline } from "../../../domain/documents/timeline.ts"
import type { Box } from "./bars.ts"
import { curveChart, curveData, placeAt, type Curve } from "./curve-chart.ts"
import { el, place } from "./dom.ts"
import { eventsChart, type EventsContext, type Hit } from "./events-chart.ts"
import { hitLines, poolLines, type Lines, type Tooltip } from "./tooltip.ts"
import { counted } from "./words.ts"

/** One semantics: its events, its pool and its queue, one below the other. */

export interface LaneActions {
  readonly tooltip: Tooltip
  readonly onHover: (wait: number | null) => void
  readonly onOpen: (wait: number) => void
  readonly onWheel: (event: WheelEvent, at: number, isFocused: boolean) => void
  readonly onKey: (event: KeyboardEvent) => void
}

export interface LaneScale {
  readonly height: number
  readonly queueTop: number
  readonly poolTop: number
}

export interface LaneView {
  readonly element: HTMLElement
  /** What the keyboard moves in. */
  readonly focusTarget: HTMLElement
  readonly redraw: () => void
  readonly resize: () => void
  /** Frames two waits; null: none. */
  readonly frame: (hovered: number | null, selected: number | null) => void
  readonly describe: (wait: number) => void
}

const poolHeight = 84
const queueHeight = 84

/** Builds a lane inside an element that is already on the page: charts need its width. */
export const laneView = (
  parent: HTMLElement,
  lane: Lane,
  timeline: Timeline,
  context: EventsContext,
  scale: LaneScale,
  actions: LaneActions,
): LaneView => {
  const charts = el("div", {
    class: "charts",
    tabindex: "0",
    role: "application",
    "aria-label": labelOf(lane),
  })
  const element = el("section", { class: "lane" }, headOf(lane), charts)
  parent.append(element)

  const target = (): HTMLElement => charts.appendChild(el("div"))
  const events = eventsChart(target(), context, lane, scale.height)
  const pool = curveChart(target(), context, lane.pool, poolCurves(lane), {
    name: "pool",
    height: poolHeight,
    labelled: false,
    top: scale.poolTop,
    limit: timeline.limit === 0 ? null : timeline.limit,
  })
  const queue = curveChart(target(), context, lane.pool, queueCurves(lane), {
    name: "queue",
    height: queueHeight + 26,
    labelled: true,
    top: scale.queueTop,
    limit: null,
  })
  const plots = [events.plot, pool, queue]
  let drawnAxis = context.view().axis
  const hoverFrame = events.plot.over.appendChild(el("div", { class: "frame hovered", hidden: true }))
  const selectFrame = events.plot.over.appendChild(el("div", { class: "frame selected", hidden: true }))

  const showAt = (lines: Lines, plot: uPlot, left: number, top: number): void => {
    const { x, y } = plot.over.getBoundingClientRect()
    actions.tooltip.show(lines, x + left, y + top)
  }
  const onEvents = (event: MouseEvent, use: (hit: Hit | null, left: number, top: number) => void): void => {
    const { x, y } = events.plot.over.getBoundingClientRect()
    const [left, top] = [event.clientX - x, event.clientY - y]
    use(events.hit(left, top), left, top)
  }
  events.plot.over.addEventListener("mousemove", (event) =>
    onEvents(event, (hit, left, top) => {
      events.plot.over.classList.toggle("pointed", hit?.kind === "wait")
      actions.onHover(hit?.kind === "wait" ? hit.wait : null)
      if (hit === null || event.buttons !== 0) actions.tooltip.hide()
      else showAt(hitLines(hit, lane, timeline), events.plot, left, top)
    }),
  )
  events.plot.over.addEventListener("click", (event) =>
    onEvents(event, (hit) => {
      if (hit?.kind === "wait") actions.onOpen(hit.wait)
    }),
  )
  for (const plot of [pool, queue]) {
    plot.over.addEventListener("mousemove", (event) => {
      const { x, y } = plot.over.getBoundingClientRect()
      const at = placeAt(lane.pool, context.view().axis, plot.posToVal(event.clientX - x, "x"))
      showAt(poolLines(at, lane, timeline), plot, event.clientX - x, event.clientY - y)
    })
  }
  for (const plot of plots) {
    plot.over.addEventListener("mouseleave", () => {
      actions.tooltip.hide()
      actions.onHover(null)
    })
    plot.over.addEventListener("mousedown", () => charts.focus({ preventScroll: true }))
    plot.over.addEventListener(
      "wheel",
      (event) => {
        const at = plot.posToVal(event.clientX - plot.over.getBoundingClientRect().x, "x")
        actions.onWheel(event, at, document.activeElement === charts)
      },
      { passive: false },
    )
  }
  charts.addEventListener("keydown", actions.onKey)
  charts.addEventListener("blur", actions.tooltip.hide)

  return {
    element,
    focusTarget: charts,
    redraw: () => {
      const { axis, span } = context.view()
      for (const [plot, curves] of [
        [pool, poolCurves(lane)],
        [queue, queueCurves(lane)],
      ] as const) {
        if (axis !== drawnAxis) plot.setData(curveData(context, lane.pool, curves), false)
      }
      drawnAxis = axis
      for (const plot of plots) {
        plot.batch(() => {
          plot.setScale("x", span)
          plot.redraw(true, true)
        })
      }
    },
    resize: () => {
      for (const plot of plots)
        plot.setSize({ width: Math.max(200, charts.clientWidth), height: plot.height })
    },
    frame: (hovered, selected) => {
      putFrame(hoverFrame, hovered === null ? null : events.boxOf(hovered), events.plot)
      putFrame(selectFrame, selected === null ? null : events.boxOf(selected), events.plot)
    },
    describe: (wait) => {
      const box = events.boxOf(wait)
      if (box === null) return
      const left = Math.max(0, box.left) + Math.min(box.width, 24)
      showAt(hitLines({ kind: "wait", wait }, lane, timeline), events.plot, left, box.top + box.height)
    },
  }
}

const putFrame = (frame: HTMLElement, box: Box | null, plot: uPlot): void => {
  frame.hidden = box === null
  if (box === null) return
  const left = Math.max(0, box.left)
  const right = Math.min(plot.over.clientWidth, box.left + box.width)
  place(frame, { left: left - 2, top: box.top - 2, width: right - left + 4, height: box.height + 4 })
}

const headOf = ({ under, fidelity, firstDepartureRow }: Lane): HTMLElement =>
  el(
    "div",
    { class: "lane-head" },
    el("h4", {}, under),
    el(
      "p",
      {},
      firstDepartureRow === null
        ? "every input row as recorded"
        : `fidelity ${Math.min(0.9999, fidelity).toFixed(4)}: rests on the replay's rules from row ${firstDepartureRow} on`,
    ),
  )

const labelOf = ({ under, waits, offers, wakes }: Lane): string =>
  [
    `Timeline of ${under}: ${counted(waits.length, "wait")}, ${counted(offers.row.length, "mark")} of offers, ${counted(wakes.row.length, "wake")}.`,
    "Arrow keys left and right move, plus and minus zoom, 0 shows the whole trace, arrow keys up and down go from wait to wait, Enter tells why.",
    "The table below has the waits as text.",
  ].join(" ")

const poolCurves = ({ pool }: Lane): ReadonlyArray<Curve> => [
  { values: pool.used, stroke: ({ used }) => used, fill: ({ usedFill }) => usedFill },
  { values: pool.allocated, stroke: ({ allocated }) => allocated, dash: [2, 3] },
]
const queueCurves = ({ pool }: Lane): ReadonlyArray<Curve> => [
  { values: pool.queueLength, stroke: ({ queue }) => queue, fill: ({ queueFill }) => queueFill },
]
