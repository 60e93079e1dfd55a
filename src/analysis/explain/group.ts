import type { ExplainEvent } from "../../domain/documents.ts"
import type { Told } from "./timeline.ts"
import { list, many } from "./words.ts"

type Numeric = "avail" | "threshold" | "used" | "allocated"
const numerics: ReadonlyArray<Numeric> = ["avail", "threshold", "used", "allocated"]

/** Below so many, like events are shown one by one. */
const fewestFolded = 3

/** An event with its sentence. */
export const eventOf = ({ row, timeUs, text, facts }: Told): ExplainEvent => ({
  row,
  timeUs,
  text: text(),
  ...facts,
})

/** An event, or a fold of several, as it is shown. */
export interface Shown {
  readonly event: ExplainEvent
  /** It is, or all of them are, about the requester or its stand-in. */
  readonly own: boolean
}

/** Like events, of which no more is kept than their fold says: the first two, the last, and sums. Not empty once it is used. */
export class Group {
  #count = 0
  readonly #few: Array<{ readonly at: number; readonly told: Told }> = []
  #last: Told | undefined = undefined
  #ownCount = 0
  #freedCount = 0
  #skippedCount = 0
  #inventedCount = 0
  #lateCount = 0
  readonly #least = { avail: Infinity, threshold: Infinity, used: Infinity, allocated: Infinity }
  readonly #most = { avail: -Infinity, threshold: -Infinity, used: -Infinity, allocated: -Infinity }
  /** How often each is named, in the order in which they first are. */
  readonly #entities = new Map<string, number>()
  readonly #woken = new Map<string, number>()

  /** One more; `at` is its place among all events. */
  add(at: number, told: Told): void {
    const { entity, freed = [], skipped = [], woken = [], recordedRow } = told.facts
    this.#count++
    if (this.#few.length < fewestFolded - 1) this.#few.push({ at, told })
    this.#last = told
    if (told.own) this.#ownCount++
    this.#freedCount += freed.length
    this.#skippedCount += skipped.length
    if (recordedRow === null) this.#inventedCount++
    else if (recordedRow !== undefined) this.#lateCount++
    for (const key of numerics) this.#widen(key, told.facts[key] ?? 0, told.facts[key] ?? 0)
    count(this.#entities, entity, 1)
    for (const id of woken) count(this.#woken, id, 1)
  }

  /** Takes in a group of later events. */
  append(later: Group): void {
    this.#count += later.#count
    this.#few.push(...later.#few.slice(0, fewestFolded - 1 - this.#few.length))
    this.#last = later.#last
    this.#ownCount += later.#ownCount
    this.#freedCount += later.#freedCount
    this.#skippedCount += later.#skippedCount
    this.#inventedCount += later.#inventedCount
    this.#lateCount += later.#lateCount
    for (const key of numerics) this.#widen(key, later.#least[key], later.#most[key])
    for (const [id, times] of later.#entities) count(this.#entities, id, times)
    for (const [id, times] of later.#woken) count(this.#woken, id, times)
  }

  #widen(key: Numeric, least: number, most: number): void {
    if (least < this.#least[key]) this.#least[key] = least
    if (most > this.#most[key]) this.#most[key] = most
  }

  /** Its events where they are few, else their fold. */
  get shown(): ReadonlyArray<Shown & { readonly at: number }> {
    const [{ at, told: first }] = this.#few as [{ at: number; told: Told }]
    if (this.#count < fewestFolded)
      return this.#few.map((one) => ({ at: one.at, event: eventOf(one.told), own: one.told.own }))
    const event = {
      row: first.row,
      timeUs: first.timeUs,
      kind: first.facts.kind,
      entity: this.#entities.size === 1 ? first.facts.entity : "",
      text: this.#text(first),
      count: this.#count,
      first: moment(first),
      last: moment(this.#last!),
    }
    return [{ at, event, own: this.#ownCount === this.#count }]
  }

  #text({ facts: { kind, entity, result, buffer }, text }: Told): string {
    const times = this.#count
    const used = `with ${this.#range("used")} of ${this.#range("allocated")} in use`
    switch (kind) {
      case "offer":
        return this.#offersText()
      case "release":
        return `${many(times, "release")} without an offer: ${this.#freed} freed`
      case "take":
        return `${many(times, "buffer")} taken by others: ${busiest(this.#entities)}; ${used}`
      case "attempt":
        return `${many(times, "attempt")} of ${entity} for ${buffer}: ${result === "fail" ? `all fail ${used}` : `each ${result}`}`
      case "run":
        return `${many(times, "run")} of ${entity}${this.#strays}`
      case "wakeup":
        return `${many(times, "wakeup")} of ${entity} by no offer${this.#strays}`
      default:
        return `${many(times, "time")}: ${text()}`
    }
  }

  #offersText(): string {
    const numbers = `avail ${this.#range("avail")}, threshold ${this.#range("threshold")}`
    const woken = [...this.#woken.values()].reduce((sum, times) => sum + times, 0)
    const met =
      woken + this.#skippedCount === 0
        ? "none with a buffer to spare"
        : `${many(woken, "wake")}${woken === 0 ? "" : ` (${busiest(this.#woken)})`}, ${many(this.#skippedCount, "skip")}`
    return `${many(this.#count, "offer")}, ${met}: ${numbers}; ${this.#freed} freed for them`
  }

  get #freed(): string {
    const times = this.#freedCount
    return times === 0 ? "no buffer is" : times === 1 ? "1 buffer is" : `${times} buffers are`
  }

  /** How many of them are not where the trace has them. */
  get #strays(): string {
    const [invented, late] = [this.#inventedCount, this.#lateCount]
    return [
      ...(invented === 0 ? [] : [`, ${invented} of which the trace has no row for`]),
      ...(late === 0 ? [] : [`, ${late} of which are late`]),
    ].join("")
  }

  /** `0 to 2`, or `1` where it never changes. */
  #range(key: Numeric): string {
    const [least, most] = [this.#least[key], this.#most[key]]
    return least === most ? `${least}` : `${least} to ${most}`
  }
}

const moment = ({ row, timeUs, text }: Told) => ({ row, timeUs, text: text() })

const count = (counts: Map<string, number>, id: string, times: number): void => {
  counts.set(id, (counts.get(id) ?? 0) + times)
}

const busiestNames = 4

/** Who is named most often, and how often. */
const busiest = (counts: ReadonlyMap<string, number>): string => {
  // Stable: among equals the first to be named comes first.
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a)
  const shown = sorted.slice(0, busiestNames).map(([name, times]) => `${name} ${times}`)
  return list(sorted.length > busiestNames ? [...shown, `${sorted.length - busiestNames} others`] : shown)
}
