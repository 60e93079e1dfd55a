import type { Lane } from "../../../domain/documents/timeline.ts"
import { wakeClasses, type WakeClass } from "../../../domain/wait.ts"
import { binned, type Bin } from "./bins.ts"
import type { Palette } from "./palette.ts"

/** Offers and wakes as marks: a sign for one, a column for several that are too close to each other. */

export const binWidth = 7

/** A horizontal band of the chart, in CSS pixels. */
export interface Strip {
  readonly top: number
  readonly height: number
}

/** Positions from the left edge of the plot, in CSS pixels. */
export interface MarkPlot {
  readonly context: CanvasRenderingContext2D
  readonly palette: Palette
  readonly strip: Strip
  readonly width: number
}

export type WakeSign = WakeClass | "other"
/** Worst first: what a wake of several classes is drawn as. */
const signs: ReadonlyArray<WakeSign> = ["herd", "misdirected", "futile", "redundant", "useful", "other"]

export const signOf = (classes: number): WakeSign =>
  signs.find((sign) => (classes & (1 << wakeClasses.findIndex(({ name }) => name === sign))) !== 0) ?? "other"

/** What the class bits of a wake say. */
export const classNames = (classes: number): string => {
  const names = wakeClasses.filter((_, bit) => (classes & (1 << bit)) !== 0).map(({ name }) => name)
  return names.length === 0 ? "of no class" : names.join(", ")
}

export const paintOffers = (
  { context, palette, strip, width }: MarkPlot,
  offers: Lane["offers"],
  shown: ReadonlyArray<number>,
  positionOf: (mark: number) => number,
): ReadonlyArray<Bin> => {
  const bins = binned(shown, positionOf, binWidth, width)
  const totals = bins.map(({ marks }) => sum(marks, (mark) => offers.count[mark]!))
  const most = Math.max(1, ...totals)
  for (const [at, { x, marks }] of bins.entries()) {
    const giving = sum(marks, (mark) => Math.min(offers.count[mark]!, offers.woken[mark]!))
    const height = columnHeight(totals[at]!, most, strip.height)
    const givingHeight = giving === 0 ? 0 : Math.max(3, (height * giving) / totals[at]!)
    const left = totals[at] === 1 ? x - 1 : columnLeft(x)
    const columnWidth = totals[at] === 1 ? 2 : binWidth - 1
    context.fillStyle = palette.offer
    context.fillRect(left, strip.top + strip.height - height, columnWidth, height)
    context.fillStyle = palette.givingOffer
    context.fillRect(left, strip.top + strip.height - givingHeight, columnWidth, givingHeight)
  }
  return bins
}

export const paintWakes = (
  plot: MarkPlot,
  wakes: Lane["wakes"],
  shown: ReadonlyArray<number>,
  positionOf: (mark: number) => number,
): ReadonlyArray<Bin> => {
  const { context, palette, strip, width } = plot
  const bins = binned(shown, positionOf, binWidth, width)
  const most = Math.max(1, ...bins.map(({ marks }) => marks.length))
  for (const { x, marks } of bins) {
    if (marks.length === 1) {
      paintSign(context, signOf(wakes.classes[marks[0]!]!), x, strip.top + strip.height - 6, palette)
      continue
    }
    const height = columnHeight(marks.length, most, strip.height)
    let bottom = strip.top + strip.height
    for (const sign of signs) {
      const count = marks.filter((mark) => signOf(wakes.classes[mark]!) === sign).length
      const part = (height * count) / marks.length
      context.fillStyle = palette.wake(sign)
      context.fillRect(columnLeft(x), bottom - part, binWidth - 1, part)
      bottom -= part
    }
  }
  return bins
}

const columnLeft = (x: number): number => Math.floor(x / binWidth) * binWidth

/** Logarithmic: one is seen beside a thousand. */
const columnHeight = (count: number, most: number, room: number): number =>
  most === 1 ? room * 0.6 : room * (0.35 + 0.65 * (Math.log(count) / Math.log(most)))

const sum = (marks: ReadonlyArray<number>, of: (mark: number) => number): number =>
  marks.reduce((total, mark) => total + of(mark), 0)

/** Each class has a shape of its own, about 8 pixels wide. */
export const paintSign = (
  context: CanvasRenderingContext2D,
  sign: WakeSign,
  x: number,
  y: number,
  palette: Palette,
): void => {
  context.beginPath()
  shapes[sign](context, x, y)
  context.lineWidth = 1.6
  context.strokeStyle = context.fillStyle = palette.wake(sign)
  if (sign === "useful" || sign === "misdirected" || sign === "other") context.fill()
  context.stroke()
}

const shapes: Readonly<Record<WakeSign, (context: CanvasRenderingContext2D, x: number, y: number) => void>> =
  {
    useful: (context, x, y) => polygon(context, [x - 4, y + 3, x + 4, y + 3, x, y - 4]),
    futile: (context, x, y) => polygon(context, [x - 4, y - 3, x + 4, y - 3, x, y + 4]),
    misdirected: (context, x, y) => polygon(context, [x - 4, y, x, y - 4, x + 4, y, x, y + 4]),
    redundant: (context, x, y) => context.rect(x - 3, y - 3, 6, 6),
    herd: (context, x, y) => {
      context.moveTo(x - 3.5, y - 3.5)
      context.lineTo(x + 3.5, y + 3.5)
      context.moveTo(x + 3.5, y - 3.5)
      context.lineTo(x - 3.5, y + 3.5)
    },
    other: (context, x, y) => context.arc(x, y, 2, 0, 2 * Math.PI),
  }

const polygon = (context: CanvasRenderingContext2D, points: ReadonlyArray<number>): void => {
  context.moveTo(points[0]!, points[1]!)
  for (let at = 2; at < points.length; at += 2) context.lineTo(points[at]!, points[at + 1]!)
  context.closePath()
}
