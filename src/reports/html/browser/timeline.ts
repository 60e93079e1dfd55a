import type { TimelineData } from "../data.ts"
import { chainPanel } from "./chain-panel.ts"
import { controls } from "./controls.ts"
import { el } from "./dom.ts"
import { eventsHeight, type EventsContext } from "./events-chart.ts"
import { everything, shownOf, type Filter, type Shown } from "./filter.ts"
import { afterKey, afterWheel, keysHint } from "./input.ts"
import { laneView, type LaneScale, type LaneView } from "./lane.ts"
import { legend } from "./legend.ts"
import { readPalette } from "./palette.ts"
import { extentOf, overlap, sameIn, waitAt, type WaitPlace } from "./places.ts"
import { linesOf, slotsOf } from "./slots.ts"
import { statusOf } from "./status.ts"
import { onThemeChange } from "./theme.ts"
import type { Tooltip } from "./tooltip.ts"
import { around, isWhole, panned, showing, turned, wholeTrace, zoomed, type Viewport } from "./viewport.ts"
import { waitsTable } from "./waits-table.ts"
import { milliseconds, subjectOf, wentOf } from "./words.ts"

export interface TimelineView {
  /** Opens the causal chain of a wait, which may be told by a link: nothing happens where there is none. */
  readonly open: (place: WaitPlace) => void
}

/** The timeline of one trace: its state, and what changes it. All that is drawn follows from the state, in `update`. */
export const timelineView = (
  mount: HTMLElement,
  { timeline, rowCount }: TimelineData,
  id: string,
  tooltip: Tooltip,
  onSelect: (place: WaitPlace | null) => void,
): TimelineView => {
  const { lanes } = timeline
  const slots = slotsOf(lanes)
  let view = wholeTrace(timeline, rowCount)
  let palette = readPalette()
  let shown: ReadonlyArray<Shown> = []
  let lines: ReadonlyMap<number, number> = new Map()
  let hovered: WaitPlace | null = null
  let selected: WaitPlace | null = null
  let frameRequest = 0

  const status = el("p", { class: "status", role: "status" })
  const announcer = el("p", { class: "hidden", "aria-live": "polite" })
  const legendSlot = el("div")
  const laneSlot = el("div", { class: "lanes" })
  const dock = el("div", { class: "dock" })
  const table = waitsTable(timeline, (place) => openInSight(place))
  const bar = controls(timeline, id, {
    onZoom: (factor) => setView(zoomed(view, factor)),
    onPan: (share) => setView(panned(view, share)),
    onReset: () => reset(),
    onAxis: (axis) => setView(turned(view, axis, timeline)),
    onFilter: (filter) => setFilter(filter),
  })
  const hint = el("p", { class: "note keys" }, keysHint)
  const spanText = el("p", { class: "status span" })
  mount.replaceChildren(
    bar.element,
    hint,
    legendSlot,
    status,
    spanText,
    laneSlot,
    dock,
    table.element,
    announcer,
  )

  const setView = (next: Viewport): void => {
    view = next
    tooltip.hide()
    update()
  }
  const reset = (): void => setView(showing(view, view.whole[view.axis]))
  const applyFilter = (filter: Filter): void => {
    shown = lanes.map((lane) => shownOf(lane, timeline, filter))
    status.textContent = statusOf(shown, lanes)
    table.update(shown.flatMap(({ waits }, lane) => waits.map((wait) => ({ lane, wait }))))
  }
  const setFilter = (filter: Filter): void => {
    applyFilter(filter)
    update()
  }

  const isInView = (place: WaitPlace): boolean =>
    overlap(extentOf(waitAt(lanes, place)!, view.axis), view.span)
  /** Only slots with something to see take room. */
  const layOut = (): void => {
    const seen = shown.map(({ waits }, lane) => waits.filter((wait) => isInView({ lane, wait })))
    lines = linesOf(seen.flatMap((waits, lane) => waits.map((wait) => slots[lane]![wait]!)))
  }
  const contextOf = (lane: number): EventsContext => ({
    key: id,
    view: () => view,
    palette: () => palette,
    shown: () => shown[lane]!,
    lineOf: (wait) => lines.get(slots[lane]![wait]!) ?? 0,
    lineCount: () => lines.size,
    onZoom: (min, max) => setView(showing(view, { min, max })),
    onReset: reset,
  })

  applyFilter(everything)
  layOut()
  const scale = scaleOf(timeline, slots)
  const laneViews: ReadonlyArray<LaneView> = lanes.map((lane, at) =>
    laneView(laneSlot, lane, timeline, contextOf(at), scale, {
      tooltip,
      onHover: (wait) => {
        if (hovered?.lane === at && hovered.wait === wait) return
        hovered = wait === null ? null : { lane: at, wait }
        drawFrames()
      },
      onOpen: (wait) => open({ lane: at, wait }),
      onWheel: (event, place, isFocused) => {
        const next = afterWheel(view, event, place, isFocused)
        if (next === null) return
        event.preventDefault()
        setView(next)
      },
      onKey: (event) => {
        if (!event.ctrlKey && !event.metaKey && !event.altKey && key(event.key, at)) event.preventDefault()
      },
    }),
  )

  const update = (): void => {
    cancelAnimationFrame(frameRequest)
    frameRequest = requestAnimationFrame(() => {
      layOut()
      spanText.textContent = spanWords(view)
      for (const one of laneViews) one.redraw()
      drawFrames()
    })
  }
  const drawFrames = (): void => {
    for (const [lane, one] of laneViews.entries()) one.frame(shownIn(hovered, lane), shownIn(selected, lane))
  }
  /** A wait, or the same one under the other semantics, where the filter lets it through. */
  const shownIn = (place: WaitPlace | null, lane: number): number | null => {
    const wait = place === null ? null : sameIn(lanes, place, lane)
    return wait !== null && shown[lane]!.waits.includes(wait) ? wait : null
  }

  const key = (name: string, lane: number): boolean => {
    const next = afterKey(view, name)
    if (next !== null) setView(next)
    else if (name === "ArrowDown" || name === "ArrowUp") step(lane, name === "ArrowDown" ? 1 : -1)
    else if (name === "Enter" && selected !== null) open(selected)
    else if (name === "Escape") close()
    else return false
    return true
  }
  /** To the next wait that the filter lets through, in the order in which they begin. */
  const step = (lane: number, by: number): void => {
    const { waits } = shown[lane]!
    const current = shownIn(selected, lane)
    const at = current === null ? (by > 0 ? 0 : waits.length - 1) : waits.indexOf(current) + by
    const wait = waits[Math.min(waits.length - 1, Math.max(0, at))]
    if (wait === undefined) return
    select({ lane, wait })
    const one = lanes[lane]!.waits[wait]!
    announcer.textContent = [subjectOf(one), ...wentOf(one)].join(". ")
    requestAnimationFrame(() => laneViews[lane]!.describe(wait))
  }
  const select = (place: WaitPlace): void => {
    selected = place
    if (!isInView(place)) view = around(view, extentOf(waitAt(lanes, place)!, view.axis))
    update()
  }

  const open = (place: WaitPlace): void => {
    const wait = waitAt(lanes, place)
    if (wait === undefined) return
    if (!shown[place.lane]!.waits.includes(place.wait)) bar.clearFilter()
    select(place)
    tooltip.hide()
    const panel = chainPanel(timeline, place, `${id}-chain`, {
      onClose: close,
      onZoom: () => setView(around(view, extentOf(wait, view.axis))),
      onStep: (by) => {
        const { waits } = shown[place.lane]!
        const next = waits[waits.indexOf(place.wait) + by]
        if (next !== undefined) open({ lane: place.lane, wait: next })
      },
    })
    dock.replaceChildren(panel)
    onSelect(place)
    panel.querySelector("h4")?.focus({ preventScroll: true })
  }
  /** For what is not at the charts: a link, the table. */
  const openInSight = (place: WaitPlace): void => {
    open(place)
    laneViews[place.lane]?.element.scrollIntoView({ block: "start" })
  }
  const close = (): void => {
    if (selected === null) return
    laneViews[selected.lane]!.focusTarget.focus({ preventScroll: true })
    dock.replaceChildren()
    selected = null
    tooltip.hide()
    drawFrames()
    onSelect(null)
  }

  const drawLegend = (): void => legendSlot.replaceChildren(legend(timeline, palette))
  onThemeChange(() => {
    palette = readPalette()
    drawLegend()
    update()
  })
  new ResizeObserver(() => {
    for (const one of laneViews) one.resize()
    update()
  }).observe(laneSlot)
  drawLegend()
  update()
  return { open: openInSight }
}

const spanWords = (view: Viewport): string => {
  const { min, max } = view.span
  const words =
    view.axis === "time"
      ? `${milliseconds(min)} to ${milliseconds(max)}`
      : `row ${Math.ceil(min)} to ${Math.floor(max)}`
  return `in view: ${isWhole(view) ? "the whole trace, " : ""}${words}`
}

/** The same for all lanes, so that they can be compared. */
const scaleOf = (
  { lanes, limit }: TimelineData["timeline"],
  slots: ReadonlyArray<ReadonlyArray<number>>,
): LaneScale => ({
  height: eventsHeight(highest(slots, -1) + 1),
  queueTop: highest(
    lanes.map(({ pool }) => pool.queueLength),
    1,
  ),
  poolTop: highest(
    lanes.map(({ pool }) => pool.allocated),
    limit,
  ),
})

const highest = (columns: ReadonlyArray<ReadonlyArray<number>>, atLeast: number): number =>
  columns.reduce((most, column) => column.reduce((one, value) => Math.max(one, value), most), atLeast)
