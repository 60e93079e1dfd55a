import type uPlot from "uplot"
import type { Palette } from "./palette.ts"
import type { Viewport } from "./viewport.ts"
import { timeTicks } from "./words.ts"

/** What all charts of a trace share: the axis, the cursor, zoom by dragging. */
export interface ChartContext {
  /** Charts of one key show one cursor. */
  readonly key: string
  readonly view: () => Viewport
  readonly palette: () => Palette
  readonly onZoom: (min: number, max: number) => void
  readonly onReset: () => void
}

/** So wide that the plots of all charts begin at the same place. */
export const gutterPx = 60
const axisHeightPx = 26

/** The options of a chart without its series: the x axis is the viewport's, labelled in the lowest chart of a lane alone. */
export const chartOptions = (
  context: ChartContext,
  shape: { readonly width: number; readonly height: number; readonly labelled: boolean },
  rest: Pick<uPlot.Options, "series" | "hooks" | "axes"> & { readonly scales: uPlot.Scales },
): uPlot.Options => ({
  width: shape.width,
  height: shape.height,
  padding: [6, 18, shape.labelled ? 0 : 6, 0],
  pxAlign: 1,
  series: rest.series,
  legend: { show: false },
  scales: { x: { time: false, range: () => range(context.view()) }, ...rest.scales },
  axes: [xAxis(context, shape.labelled), ...(rest.axes ?? [])],
  cursor: {
    y: false,
    points: { show: false },
    drag: { x: true, y: false, setScale: false, dist: 5 },
    // The others follow the pointer, but only the chart that is dragged zooms.
    sync: {
      key: context.key,
      scales: ["x", null],
      filters: { pub: (type) => type.startsWith("mousemove") || type === "mouseleave" },
    },
    bind: {
      dblclick: () => () => {
        context.onReset()
        return null
      },
    },
  },
  hooks: {
    ...rest.hooks,
    setSelect: [
      (plot) => {
        const { left, width } = plot.select
        if (width === 0) return
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        context.onZoom(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"))
      },
    ],
  },
})

const range = ({ span }: Viewport): uPlot.Range.MinMax => [span.min, span.max]

const xAxis = (context: ChartContext, labelled: boolean): uPlot.Axis => ({
  font: context.palette().font,
  stroke: () => context.palette().soft,
  size: labelled ? axisHeightPx : 0,
  gap: 4,
  space: 90,
  grid: { stroke: () => context.palette().line, width: 1 },
  ticks: { show: labelled, stroke: () => context.palette().line, size: 4 },
  values: (_, ticks, __, ___, step) => {
    if (!labelled) return ticks.map(() => null)
    return context.view().axis === "time"
      ? timeTicks(ticks, step)
      : ticks.map((tick) => (Number.isInteger(tick) ? String(tick) : null))
  },
})
