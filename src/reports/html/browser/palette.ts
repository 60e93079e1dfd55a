import { endingNames, wakeClasses, type Ending, type WakeClass } from "../../../domain/wait.ts"

/** The canvas's colours, read from the style sheet: they follow the theme. */
export interface Palette {
  readonly ending: (ending: Ending) => string
  readonly wake: (wakeClass: WakeClass | "other") => string
  readonly ink: string
  readonly soft: string
  readonly line: string
  readonly surface: string
  readonly offer: string
  readonly givingOffer: string
  readonly used: string
  readonly usedFill: string
  readonly allocated: string
  readonly limit: string
  readonly queue: string
  readonly queueFill: string
  readonly font: string
}

export const readPalette = (): Palette => {
  const probe = document.body.appendChild(document.createElement("i"))
  const all = new Map(colorNames.map((name) => [name, resolved(probe, name)]))
  probe.remove()
  const color = (name: string): string => all.get(name)!
  return {
    ending: (ending) => color(`end-${slug(ending)}`),
    wake: (wakeClass) => color(`wake-${wakeClass}`),
    ink: color("ink"),
    soft: color("soft"),
    line: color("line"),
    surface: color("surface"),
    offer: color("offer"),
    givingOffer: color("offer-giving"),
    used: color("used"),
    usedFill: color("used-fill"),
    allocated: color("allocated"),
    limit: color("limit"),
    queue: color("queue"),
    queueFill: color("queue-fill"),
    font: "11px system-ui, sans-serif",
  }
}

/** A custom property is what the style sheet says, `light-dark(…)`; the colour of an element is what that comes to. */
const resolved = (probe: HTMLElement, name: string): string => {
  probe.style.color = `var(--${name})`
  return getComputedStyle(probe).color
}

const slug = (name: string): string => name.replaceAll(" ", "-")

const colorNames: ReadonlyArray<string> = [
  ...endingNames.map((ending) => `end-${slug(ending)}`),
  ...[...wakeClasses.map(({ name }) => name), "other"].map((name) => `wake-${name}`),
  "ink",
  "soft",
  "line",
  "surface",
  "offer",
  "offer-giving",
  "used",
  "used-fill",
  "allocated",
  "limit",
  "queue",
  "queue-fill",
]
