import { panned, showing, zoomed, type Viewport } from "./viewport.ts"

/** What the wheel and the keyboard make of a view; null: nothing, and the browser does what it does. */

export const keysHint =
  "Drag to zoom, double-click for the whole trace; Ctrl and the wheel zoom, Shift and the wheel move. With the keyboard: + − 0 ← →, ↑ ↓ from wait to wait, Enter for why."

/** Beyond any end: views stop there. */
const farAway = 1e9

const moves: Readonly<Record<string, (view: Viewport) => Viewport>> = {
  "+": (view) => zoomed(view, 0.5),
  "=": (view) => zoomed(view, 0.5),
  "-": (view) => zoomed(view, 2),
  "0": (view) => showing(view, view.whole[view.axis]),
  ArrowLeft: (view) => panned(view, -0.25),
  ArrowRight: (view) => panned(view, 0.25),
  Home: (view) => panned(view, -farAway),
  End: (view) => panned(view, farAway),
}

export const afterKey = (view: Viewport, key: string): Viewport | null => moves[key]?.(view) ?? null

/** How far a turn of the wheel goes: pixels that make a whole view; of a line, where the wheel counts lines. */
const pixelsPerView = 1200
const pixelsPerLine = 30
const zoomPerPixel = 0.0025

/** A page that is scrolled must not stop at a chart: zooming takes focus, or a key held down. */
export const afterWheel = (
  view: Viewport,
  event: WheelEvent,
  place: number,
  isFocused: boolean,
): Viewport | null => {
  const pixels = event.deltaMode === 0 ? 1 : pixelsPerLine
  if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    return panned(view, ((event.deltaX || event.deltaY) * pixels) / pixelsPerView)
  }
  if (!isFocused && !event.ctrlKey && !event.metaKey) return null
  return zoomed(view, Math.exp(event.deltaY * pixels * zoomPerPixel), place)
}
