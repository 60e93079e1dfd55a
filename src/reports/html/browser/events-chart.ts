import uPlot from "uplot"
import type { Lane } from "../../../domain/documents/timeline.ts"
import { graver, paintBar, paintName, type Box } from "./bars.ts"
import type { Bin } from "./bins.ts"
import { chartOptions, gutterPx, type ChartContext } from "./chart.ts"
import type { Shown } from "./filter.ts"
import { paintOffers, paintWakes, type Strip } from "./marks.ts"
import type { Palette } from "./palette.ts"
import { extentOf, overlap } from "./places.ts"

/** A lane's offers and wakes as two strips of marks, and its waits as bars below them. */

export interface EventsContext extends ChartContext {
  readonly shown: () => Shown
  /** The line of a wait, and how many lines there are: the same for both lanes. */
  readonly lineOf: (wait: number) => number
  readonly lineCount: () => number
}

/** What is under the pointer. */
export type Hit =
  | { readonly kind: "wait"; readonly wait: number }
  | { readonly kind: "offers" | "wakes"; readonly marks: ReadonlyArray<number> }

export interface EventsChart {
  readonly plot: uPlot
  readonly hit: (left: number, top: number) => Hit | null
  /** Where a wait is drawn; null: out of view. */
  readonly boxOf: (wait: number) => Box | null
}

const stripHeight = 24
const stripGap = 7
const offersStrip: Strip = { top: 2, height: stripHeight }
const wakesStrip: Strip = { top: offersStrip.top + stripHeight + stripGap, height: stripHeight }
const waitsTop = wakesStrip.top + stripHeight + stripGap + 3
const paddingPx = 12
const tallestLine = 18

/** So many lines of waits have room without being squeezed below two pixels each. */
export const eventsHeight = (slotCount: number): number =>
  waitsTop + paddingPx + Math.min(320, Math.max(40, slotCount * tallestLine))

export const eventsChart = (
  target: HTMLElement,
  context: EventsContext,
  lane: Lane,
  height: number,
): EventsChart => {
  let offerBins: ReadonlyArray<Bin> = []
  let wakeBins: ReadonlyArray<Bin> = []

  const lineHeight = (plot: uPlot): number =>
    Math.min(tallestLine, (plot.over.clientHeight - waitsTop) / Math.max(1, context.lineCount()))

  const boxOf = (plot: uPlot, wait: number): Box | null => {
    const { axis, span } = context.view()
    const extent = extentOf(lane.waits[wait]!, axis)
    if (!overlap(extent, span)) return null
    const left = Math.max(-4, plot.valToPos(extent.min, "x"))
    const right = Math.min(plot.over.clientWidth + 4, plot.valToPos(extent.max, "x"))
    const line = lineHeight(plot)
    const gap = line >= 5 ? Math.min(3, line * 0.2) : 0
    return {
      left,
      top: waitsTop + context.lineOf(wait) * line,
      width: Math.max(3, right - left),
      height: Math.max(1, line - gap),
    }
  }

  const draw = (plot: uPlot): void => {
    const { ctx, bbox } = plot
    const palette = context.palette()
    const { waits, offers, wakes } = context.shown()
    const xOf = (column: "offers" | "wakes") => (mark: number) =>
      plot.valToPos(lane[column][context.view().axis === "time" ? "timeUs" : "row"][mark]!, "x")
    const width = plot.over.clientWidth
    ctx.save()
    ctx.scale(devicePixelRatio, devicePixelRatio)
    ctx.translate(bbox.left / devicePixelRatio, bbox.top / devicePixelRatio)
    drawNames(ctx, palette)
    ctx.beginPath()
    ctx.rect(-4, 0, width + 8, plot.over.clientHeight)
    ctx.clip()
    offerBins = paintOffers(
      { context: ctx, palette, strip: offersStrip, width },
      lane.offers,
      offers,
      xOf("offers"),
    )
    wakeBins = paintWakes(
      { context: ctx, palette, strip: wakesStrip, width },
      lane.wakes,
      wakes,
      xOf("wakes"),
    )
    const boxes = waits.flatMap((wait) => {
      const box = boxOf(plot, wait)
      return box === null ? [] : [{ box, wait: lane.waits[wait]! }]
    })
    for (const { box, wait } of boxes.toSorted((a, b) => graver(a.wait, b.wait))) {
      paintBar(ctx, box, wait.ending, palette)
      paintName(ctx, { ...box, left: Math.max(0, box.left) }, wait, palette)
    }
    ctx.restore()
  }

  const plot = new uPlot(
    chartOptions(
      context,
      { width: Math.max(200, target.clientWidth), height, labelled: false },
      {
        scales: { y: { range: () => [0, 1] } },
        axes: [
          {
            size: gutterPx,
            grid: { show: false },
            ticks: { show: false },
            values: () => [],
            splits: () => [],
          },
        ],
        series: [{}, { scale: "y", points: { show: false }, paths: () => null }],
        hooks: { draw: [draw] },
      },
    ),
    [[0], [null]],
    target,
  )

  const hit = (left: number, top: number): Hit | null => {
    if (within(offersStrip, top)) return binHit("offers", offerBins, left)
    if (within(wakesStrip, top)) return binHit("wakes", wakeBins, left)
    const wait = context
      .shown()
      .waits.filter((one) => covers(boxOf(plot, one), left, top))
      .toSorted((a, b) => graver(lane.waits[b]!, lane.waits[a]!))[0]
    return wait === undefined ? null : { kind: "wait", wait }
  }
  return { plot, hit, boxOf: (wait) => boxOf(plot, wait) }
}

const drawNames = (context: CanvasRenderingContext2D, palette: Palette): void => {
  context.font = palette.font
  context.fillStyle = palette.soft
  context.textAlign = "left"
  context.textBaseline = "middle"
  for (const [name, y] of [
    ["offers", offersStrip.top + stripHeight / 2],
    ["wakes", wakesStrip.top + stripHeight / 2],
    ["waits", waitsTop + 8],
  ] as const) {
    context.fillText(name, -gutterPx, y)
  }
}

const within = ({ top, height }: Strip, y: number): boolean => y >= top - 2 && y <= top + height + 2

/** A pointer need not be exact. */
const reachPx = 5

const binHit = (kind: "offers" | "wakes", bins: ReadonlyArray<Bin>, left: number): Hit | null => {
  const near = bins
    .map((bin) => ({ bin, distance: Math.abs(bin.x - left) }))
    .filter(({ distance }) => distance <= reachPx)
    .toSorted((a, b) => a.distance - b.distance)[0]
  return near === undefined ? null : { kind, marks: near.bin.marks }
}

const covers = (box: Box | null, left: number, top: number): boolean =>
  box !== null &&
  left >= box.left - 2 &&
  left <= box.left + box.width + 2 &&
  top >= box.top &&
  top < box.top + Math.max(2, box.height)
