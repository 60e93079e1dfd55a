import type { Timeline } from "../../../domain/documents/timeline.ts"
import { endings } from "../../../domain/wait.ts"
import { paintBar } from "./bars.ts"
import { el } from "./dom.ts"
import { paintSign, signOf, type WakeSign } from "./marks.ts"
import type { Palette } from "./palette.ts"

/** What colours, patterns and shapes stand for; only those that occur. */
export const legend = ({ lanes, limit }: Timeline, palette: Palette): HTMLElement => {
  const usedEndings = new Set(lanes.flatMap(({ waits }) => waits.map(({ ending }) => ending)))
  const usedSigns = new Set<WakeSign>(lanes.flatMap(({ wakes }) => wakes.classes.map(signOf)))
  const items = [
    ...endings
      .filter(({ name }) => usedEndings.has(name))
      .map(({ name }) =>
        item(name, 26, (context) =>
          paintBar(context, { left: 0, top: 1, width: 26, height: 12 }, name, palette),
        ),
      ),
    ...[...usedSigns].map((sign) =>
      item(sign === "other" ? "wake of no class" : `${sign} wake`, 14, (context) =>
        paintSign(context, sign, 7, 7, palette),
      ),
    ),
    ...(lanes.some(({ offers }) => offers.row.length > 0)
      ? [
          item("offer", 8, (context) => {
            context.fillStyle = palette.offer
            context.fillRect(3, 1, 2, 12)
          }),
          item("offer that woke", 8, (context) => {
            context.fillStyle = palette.givingOffer
            context.fillRect(3, 1, 2, 12)
          }),
        ]
      : []),
    item("buffers in use", 16, (context) => dash(context, palette.used, [])),
    item("allocated", 16, (context) => dash(context, palette.allocated, [2, 3])),
    ...(limit === 0 ? [] : [item(`limit ${limit}`, 16, (context) => dash(context, palette.limit, [5, 3]))]),
    item("queue", 16, (context) => dash(context, palette.queue, [])),
  ]
  return el("ul", { class: "legend", "aria-label": "Legend" }, ...items)
}

const dash = (context: CanvasRenderingContext2D, color: string, pattern: ReadonlyArray<number>): void => {
  context.strokeStyle = color
  context.lineWidth = 2
  context.setLineDash([...pattern])
  context.beginPath()
  context.moveTo(0, 7)
  context.lineTo(16, 7)
  context.stroke()
}

const item = (
  text: string,
  width: number,
  paint: (context: CanvasRenderingContext2D) => void,
): HTMLElement => {
  const canvas = el("canvas", { width: width * 2, height: 28, "aria-hidden": "true" })
  canvas.style.width = `${width}px`
  canvas.style.height = "14px"
  const context = canvas.getContext("2d")!
  context.scale(2, 2)
  paint(context)
  return el("li", {}, canvas, text)
}
