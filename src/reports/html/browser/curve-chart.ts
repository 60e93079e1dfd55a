import uPlot from "uplot"
import type { Lane } from "../../../domain/documents/timeline.ts"
import { columnsOf } from "./bins.ts"
import { chartOptions, gutterPx, type ChartContext } from "./chart.ts"
import type { Palette } from "./palette.ts"
import { ascending, lastUpTo, type AxisName } from "./viewport.ts"

/** A step curve over the common axis. */
export interface Curve {
  readonly values: ReadonlyArray<number>
  readonly stroke: (palette: Palette) => string
  readonly fill?: (palette: Palette) => string
  readonly dash?: ReadonlyArray<number>
}

export interface CurveShape {
  readonly name: string
  readonly height: number
  readonly labelled: boolean
  /** The highest value that the scale has room for. */
  readonly top: number
  /** Where a dashed line is drawn; null: nowhere. */
  readonly limit: number | null
}

/** A chart of a lane's pool or queue. */
export const curveChart = (
  target: HTMLElement,
  context: ChartContext,
  pool: Lane["pool"],
  curves: ReadonlyArray<Curve>,
  shape: CurveShape,
): uPlot => {
  const { palette } = context
  const options = chartOptions(
    context,
    { width: Math.max(200, target.clientWidth), height: shape.height, labelled: shape.labelled },
    {
      scales: { y: { range: () => [0, shape.top * 1.08] } },
      axes: [
        {
          font: palette().font,
          stroke: () => palette().soft,
          size: gutterPx,
          space: 26,
          gap: 4,
          grid: { stroke: () => palette().line, width: 1 },
          ticks: { show: false },
          values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? String(tick) : null)),
        },
      ],
      series: [
        {},
        ...curves.map((curve): uPlot.Series => ({
          scale: "y",
          width: 1.5,
          points: { show: false },
          stroke: () => curve.stroke(palette()),
          ...(curve.fill === undefined ? {} : { fill: () => curve.fill!(palette()) }),
          ...(curve.dash === undefined ? {} : { dash: [...curve.dash] }),
          paths: steps,
        })),
      ],
      hooks: {
        draw: [
          (plot) => drawLimit(plot, shape.limit, palette()),
          (plot) => drawName(plot, shape.name, palette()),
        ],
      },
    },
  )
  return new uPlot(options, curveData(context, pool, curves), target)
}

/** Its columns on the axis in view; the last values last until the trace ends. */
export const curveData = (
  context: ChartContext,
  pool: Lane["pool"],
  curves: ReadonlyArray<Curve>,
): uPlot.AlignedData => {
  const { axis, whole } = context.view()
  return [
    ascending([...(axis === "time" ? pool.timeUs : pool.row), whole[axis].max]),
    ...curves.map(({ values }) => [...values, values.at(-1) ?? 0]),
  ]
}

/** The place in a curve's columns that holds at some x; -1: it has not begun. */
export const placeAt = (pool: Lane["pool"], axis: AxisName, x: number): number =>
  lastUpTo(ascending(axis === "time" ? pool.timeUs : pool.row), x)

/** A step curve that is exact where points are a pixel apart, and else paints what is between the lowest and the highest. */
const steps: uPlot.Series.PathBuilder = (plot, series) => {
  const xs = plot.data[0]
  const { min, max } = plot.scales["x"]!
  const from = Math.max(0, lastUpTo(xs, min ?? 0))
  const to = Math.min(xs.length - 1, lastUpTo(xs, max ?? 0) + 1)
  const xOf = (at: number): number => Math.round(plot.valToPos(xs[at]!, "x", true))
  const yOf = (value: number): number => Math.round(plot.valToPos(value, "y", true))
  const stroke = new Path2D()
  const columns = columnsOf(plot.data[series]!, xOf, from, to)
  for (const [at, { x, first, low, high, last }] of columns.entries()) {
    if (at === 0) stroke.moveTo(x, yOf(first))
    else stroke.lineTo(x, yOf(columns[at - 1]!.last))
    if (low !== high) {
      stroke.lineTo(x, yOf(low))
      stroke.lineTo(x, yOf(high))
    }
    stroke.lineTo(x, yOf(last))
  }
  return { stroke, fill: closed(stroke, columns, yOf(0)) }
}

const closed = (stroke: Path2D, columns: ReadonlyArray<{ readonly x: number }>, bottom: number): Path2D => {
  const fill = new Path2D(stroke)
  if (columns.length === 0) return fill
  fill.lineTo(columns.at(-1)!.x, bottom)
  fill.lineTo(columns[0]!.x, bottom)
  fill.closePath()
  return fill
}

const drawLimit = (plot: uPlot, limit: number | null, palette: Palette): void => {
  if (limit === null) return
  const { ctx, bbox } = plot
  const y = Math.round(plot.valToPos(limit, "y", true)) + 0.5
  ctx.save()
  ctx.strokeStyle = palette.limit
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.restore()
}

/** What the curve is of, in the gutter's upper corner. */
const drawName = ({ ctx, bbox }: uPlot, name: string, palette: Palette): void => {
  ctx.save()
  ctx.scale(devicePixelRatio, devicePixelRatio)
  ctx.font = palette.font
  ctx.fillStyle = palette.soft
  ctx.textAlign = "left"
  ctx.textBaseline = "top"
  ctx.fillText(name, 0, bbox.top / devicePixelRatio)
  ctx.restore()
}
