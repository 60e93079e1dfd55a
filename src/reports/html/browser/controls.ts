import type { Timeline } from "../../../domain/documents/timeline.ts"
import { changeNames, endingNames, wakeClasses } from "../../../domain/wait.ts"
import { button, el, select } from "./dom.ts"
import { everything, type Filter } from "./filter.ts"
import type { AxisName } from "./viewport.ts"

/** The bar above the lanes: zoom, the axis, filters. */

export interface ControlActions {
  readonly onZoom: (factor: number) => void
  readonly onPan: (share: number) => void
  readonly onReset: () => void
  readonly onAxis: (axis: AxisName) => void
  readonly onFilter: (filter: Filter) => void
}

export interface Controls {
  readonly element: HTMLElement
  readonly clearFilter: () => void
}

export const controls = (timeline: Timeline, id: string, actions: ControlActions): Controls => {
  let filter = everything
  const set = (part: Partial<Filter>): void => {
    filter = { ...filter, ...part }
    actions.onFilter(filter)
  }
  const form = el("form", { class: "filters", "aria-label": "Filter the timeline" })
  form.addEventListener("submit", (event) => event.preventDefault())
  form.addEventListener("reset", () => set(everything))
  form.append(
    ...entityField(timeline, id, (entity) => set({ entity })),
    ...classFields(timeline, set),
    el("button", { type: "reset" }, "Show all"),
  )
  const zoom = el(
    "div",
    { class: "tools", role: "group", "aria-label": "Zoom" },
    button("+", { "aria-label": "Zoom in", title: "Zoom in (+)" }, () => actions.onZoom(0.5)),
    button("−", { "aria-label": "Zoom out", title: "Zoom out (−)" }, () => actions.onZoom(2)),
    button("◂", { "aria-label": "Earlier", title: "Earlier (←)" }, () => actions.onPan(-0.4)),
    button("▸", { "aria-label": "Later", title: "Later (→)" }, () => actions.onPan(0.4)),
    button("Whole trace", { title: "Whole trace (0)" }, actions.onReset),
    select(
      "axis",
      [
        ["time", "time"],
        ["row", "rows"],
      ],
      (axis) => actions.onAxis(axis === "row" ? "row" : "time"),
    ),
  )
  return {
    element: el("div", { class: "controls" }, zoom, form),
    clearFilter: () => form.reset(),
  }
}

const entityField = (
  timeline: Timeline,
  id: string,
  onChange: (entity: string) => void,
): ReadonlyArray<Node> => {
  const list = el(
    "datalist",
    { id: `${id}-entities` },
    ...suggestions(timeline).map((value) => el("option", { value })),
  )
  const input = el("input", {
    type: "search",
    list: list.id,
    placeholder: "s3, a, SPOE",
    size: 12,
    autocomplete: "off",
  })
  input.addEventListener("input", () => onChange(input.value))
  return [el("label", { class: "field" }, el("span", {}, "entity"), input), list]
}

/** Those that wait, by name, then those that marks name. */
const suggestions = ({ entities, lanes }: Timeline): ReadonlyArray<string> => {
  const waiting = lanes.flatMap(({ waits }) => waits.map(({ requester }) => requester))
  const names = lanes.flatMap(({ waits }) => waits.flatMap(({ appletName }) => appletName ?? []))
  return [...new Set([...names, ...waiting, ...entities])].slice(0, 500)
}

/** A choice for each kind of class that occurs in the timeline. */
const classFields = ({ lanes }: Timeline, set: (part: Partial<Filter>) => void): ReadonlyArray<Node> => {
  const waits = lanes.flatMap((lane) => lane.waits)
  const wakes = lanes.flatMap((lane) => lane.wakes.classes)
  const waitsOf = (key: "change" | "ending") => (name: string) =>
    waits.filter((wait) => wait[key] === name).length
  return [
    ...classField("change", changeNames, waitsOf("change"), (change) => set({ change })),
    ...classField("ending", endingNames, waitsOf("ending"), (ending) => set({ ending })),
    ...classField(
      "wakes",
      wakeClasses.map(({ name }) => name),
      (_, bit) => wakes.filter((bits) => (bits & (1 << bit)) !== 0).length,
      (wakeClass) => set({ wakeClass }),
    ),
  ]
}

const classField = (
  label: string,
  names: ReadonlyArray<string>,
  countOf: (name: string, at: number) => number,
  onChange: (value: string) => void,
): ReadonlyArray<Node> => {
  const used = names.map((name, at) => ({ name, count: countOf(name, at) })).filter(({ count }) => count > 0)
  if (used.length === 0) return []
  const choices = used.map(({ name, count }) => [name, `${name} (${count})`] as const)
  return [select(label, [["", "all"], ...choices], onChange)]
}
