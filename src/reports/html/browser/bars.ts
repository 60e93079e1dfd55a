import type { LaneWait } from "../../../domain/documents/timeline.ts"
import { endingNames, type Ending } from "../../../domain/wait.ts"
import type { Palette } from "./palette.ts"

/** Waits as bars. A colour and a pattern say how a wait ended; a bar that is long enough names it. */

/** In CSS pixels, from the top left corner of where it is drawn. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

type Painter = (context: CanvasRenderingContext2D, box: Box, color: string, ground: string) => void

const full: Painter = (context, { left, top, width, height }, color) => {
  context.fillStyle = color
  context.fillRect(left, top, width, height)
}

const hollow: Painter = (context, box, color, ground) => {
  full(context, box, ground, ground)
  context.strokeStyle = color
  context.lineWidth = 1
  context.strokeRect(box.left + 0.5, box.top + 0.5, Math.max(0, box.width - 1), box.height - 1)
}

/** Lines across the bar: `lean` is how far one moves to the right on its way down, in heights. */
const striped =
  (lean: number, distance: number): Painter =>
  (context, box, color, ground) => {
    full(context, box, color, ground)
    const shift = lean * box.height
    context.strokeStyle = ground
    context.lineWidth = 1.2
    context.beginPath()
    const end = box.left + box.width + Math.abs(shift)
    for (let x = box.left - Math.abs(shift); x < end; x += distance) {
      context.moveTo(x, box.top)
      context.lineTo(x + shift, box.top + box.height)
    }
    context.stroke()
  }

const both =
  (one: Painter, other: Painter): Painter =>
  (context, box, color, ground) => {
    one(context, box, color, ground)
    other(context, box, ground, color)
  }

const crossed: Painter = (context, box, color, ground) => {
  striped(1, 6)(context, box, color, ground)
  context.beginPath()
  for (let x = box.left - box.height; x < box.left + box.width + box.height; x += 6) {
    context.moveTo(x, box.top)
    context.lineTo(x - box.height, box.top + box.height)
  }
  context.stroke()
}

const dotted: Painter = (context, box, color, ground) => {
  full(context, box, color, ground)
  context.fillStyle = ground
  const y = box.top + box.height / 2 - 1
  for (let x = box.left + 3; x < box.left + box.width - 2; x += 6) context.fillRect(x, y, 2, 2)
}

const middle: Painter = (context, { left, top, width, height }, color) => {
  context.fillStyle = color
  context.fillRect(left, top + height / 2 - 1, width, 2)
}

const painters: Readonly<Record<Ending, Painter>> = {
  "served directly": full,
  "served otherwise": dotted,
  "served indirectly": striped(1, 5),
  abandoned: hollow,
  pending: striped(0, 4),
  starved: crossed,
  undefined: both(full, middle),
}

/** Bars that are lower than this show their colour alone. */
const patternHeight = 5
const textHeight = 11

export const paintBar = (
  context: CanvasRenderingContext2D,
  box: Box,
  ending: Ending,
  palette: Palette,
): void => {
  const painter = box.height < patternHeight ? full : painters[ending]
  context.save()
  context.beginPath()
  context.rect(box.left, box.top, box.width, box.height)
  context.clip()
  painter(context, box, palette.ending(ending), palette.surface)
  context.restore()
}

/** Its name on a bar, where that has room. */
export const paintName = (
  context: CanvasRenderingContext2D,
  box: Box,
  wait: LaneWait,
  palette: Palette,
): void => {
  if (box.height < textHeight || box.width < 40) return
  const change = wait.change === null || wait.change === "same" ? "" : ` ${wait.change}`
  context.font = palette.font
  const text = [`${wait.requester}${change}`, wait.requester].find(
    (one) => context.measureText(one).width + 14 < box.width,
  )
  if (text === undefined) return
  context.fillStyle = palette.surface
  context.fillRect(box.left + 3, box.top + 1, context.measureText(text).width + 6, box.height - 2)
  context.fillStyle = palette.ink
  context.textAlign = "left"
  context.textBaseline = "middle"
  context.fillText(text, box.left + 6, box.top + box.height / 2 + 0.5)
}

/** From what may be painted over to what must be seen: the order of the list, from good to bad. */
export const graver = (a: LaneWait, b: LaneWait): number =>
  endingNames.indexOf(a.ending) - endingNames.indexOf(b.ending)
