/** Where two plain values first differ. */
export interface Difference {
  /** Such as `diff.findings[3].summary`. */
  readonly path: string
  readonly before: string
  readonly after: string
}

/** The first difference of two plain values, in the order of the first one's keys; undefined where there is none. */
export const firstDifference = (before: unknown, after: unknown, path = ""): Difference | undefined => {
  if (Object.is(before, after)) return undefined
  if (!isContainer(before) || !isContainer(after) || Array.isArray(before) !== Array.isArray(after)) {
    return { path, before: shown(before), after: shown(after) }
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const below = Array.isArray(before) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`
    const difference = firstDifference(before[key], after[key], below)
    if (difference !== undefined) return difference
  }
  return undefined
}

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const shownLength = 80

const shown = (value: unknown): string => {
  if (value === undefined) return "not there"
  const text = JSON.stringify(value)
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text
}
