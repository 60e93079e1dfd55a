/** Folds: many like events of an explanation become one, which shows its first and its last. */
import type { ExplainEvent } from "../../domain/documents.ts"
import { list, many } from "./words.ts"
import type { Told } from "./timeline.ts"

/** How many events an explanation shows, folds counted once: a screen or two. */
const shownEvents = 14
/** How many events of the requester's own are tried to be kept at the begin and at the end; then fewer. */
const keptEnds = [8, 6, 5, 4, 3, 2, 1]

/**
 * The events of a timeline, few enough to be read. What is not about the requester or its stand-in is folded first; if that
 * is not enough, so is the middle.
 */
export const folded = (told: ReadonlyArray<Told>): ReadonlyArray<ExplainEvent> => {
  const all = stretches(told, () => false)
  if (all.length <= shownEvents) return all
  const places = told.flatMap(({ own }, at) => (own ? [at] : []))
  let fewest = all
  for (const kept of keptEnds) {
    const [from, to] = [places[kept] ?? told.length, places[places.length - kept] ?? 0]
    const tried = from >= to ? all : stretches(told, (at) => at >= from && at < to)
    if (tried.length <= shownEvents) return tried
    if (tried.length < fewest.length) fewest = tried
  }
  return fewest
}

/** Folds between any two events that stay: those of its own, but for those in the middle. */
const stretches = (
  told: ReadonlyArray<Told>,
  inMiddle: (at: number) => boolean,
): ReadonlyArray<ExplainEvent> => {
  const shown: Array<ExplainEvent> = []
  let stretch: Array<ExplainEvent> = []
  for (const [at, { event, own }] of told.entries()) {
    if (!own || inMiddle(at)) {
      stretch.push(event)
      continue
    }
    shown.push(...foldedStretch(stretch), event)
    stretch = []
  }
  return [...shown, ...foldedStretch(stretch)]
}

/** One fold for each class of events, in the order of their first. */
const foldedStretch = (stretch: ReadonlyArray<ExplainEvent>): ReadonlyArray<ExplainEvent> =>
  [...Map.groupBy(stretch.keys(), (at) => classOf(stretch[at]!)).values()]
    .flatMap((places) =>
      places.length < 3
        ? places.map((at) => ({ at, event: stretch[at]! }))
        : [{ at: places[0]!, event: fold(places.map((at) => stretch[at]!)) }],
    )
    .toSorted((a, b) => a.at - b.at)
    .map(({ event }) => event)

const classOf = ({ kind, result = "", woken = [], skipped = [], entity }: ExplainEvent): string => {
  if (kind === "offer") return `offer ${woken.length + skipped.length > 0}`
  // Of others, who it is does not matter; the requester and its stand-in are told apart.
  return kind === "take" || kind === "release" ? kind : `${kind} ${entity} ${result}`
}

const moment = ({ row, timeUs, text }: ExplainEvent) => ({ row, timeUs, text })

const fold = (events: ReadonlyArray<ExplainEvent>): ExplainEvent => {
  const [first, last] = [events[0]!, events.at(-1)!]
  return {
    row: first.row,
    timeUs: first.timeUs,
    kind: first.kind,
    entity: events.every(({ entity }) => entity === first.entity) ? first.entity : "",
    text: foldText(events),
    count: events.length,
    first: moment(first),
    last: moment(last),
  }
}

const foldText = (events: ReadonlyArray<ExplainEvent>): string => {
  const { kind, entity, result, buffer } = events[0]!
  const count = events.length
  const used = `with ${range(events, "used")} of ${range(events, "allocated")} in use`
  switch (kind) {
    case "offer":
      return offersText(events)
    case "release":
      return `${many(count, "release")} without an offer: ${totalFreed(events)} freed`
    case "take":
      return `${many(count, "buffer")} taken by others: ${busiest(events.map((event) => event.entity))}; ${used}`
    case "attempt":
      return `${many(count, "attempt")} of ${entity} for ${buffer}: ${result === "fail" ? `all fail ${used}` : `each ${result}`}`
    case "run":
      return `${many(count, "run")} of ${entity}${strays(events)}`
    case "wakeup":
      return `${many(count, "wakeup")} of ${entity} by no offer${strays(events)}`
    default:
      return `${many(count, "time")}: ${events[0]!.text}`
  }
}

const offersText = (events: ReadonlyArray<ExplainEvent>): string => {
  const woken = events.flatMap((event) => event.woken ?? [])
  const skipped = events.reduce((sum, event) => sum + (event.skipped?.length ?? 0), 0)
  const numbers = `avail ${range(events, "avail")}, threshold ${range(events, "threshold")}`
  const freed = totalFreed(events)
  const met =
    woken.length + skipped === 0
      ? "none with a buffer to spare"
      : `${many(woken.length, "wake")}${woken.length === 0 ? "" : ` (${busiest(woken)})`}, ${many(skipped, "skip")}`
  return `${many(events.length, "offer")}, ${met}: ${numbers}; ${freed} freed for them`
}

const totalFreed = (events: ReadonlyArray<ExplainEvent>): string => {
  const count = events.reduce((sum, { freed = [] }) => sum + freed.length, 0)
  return count === 0 ? "no buffer is" : count === 1 ? "1 buffer is" : `${count} buffers are`
}

/** How many of them are not where the trace has them. */
const strays = (events: ReadonlyArray<ExplainEvent>): string => {
  const invented = events.filter(({ recordedRow }) => recordedRow === null).length
  const late = events.filter(({ recordedRow }) => typeof recordedRow === "number").length
  return [
    ...(invented === 0 ? [] : [`, ${invented} of which the trace has no row for`]),
    ...(late === 0 ? [] : [`, ${late} of which are late`]),
  ].join("")
}

type Numeric = "avail" | "threshold" | "used" | "allocated"

/** `0 to 2`, or `1` where it never changes. */
const range = (events: ReadonlyArray<ExplainEvent>, key: Numeric): string => {
  let [least, most] = [Infinity, -Infinity]
  for (const event of events) {
    least = Math.min(least, event[key] ?? 0)
    most = Math.max(most, event[key] ?? 0)
  }
  return least === most ? `${least}` : `${least} to ${most}`
}

const busiestNames = 4

/** Who is named most often, and how often. */
const busiest = (names: ReadonlyArray<string>): string => {
  const counts = [...Map.groupBy(names, (name) => name)].map(([name, those]) => ({
    name,
    count: those.length,
  }))
  // Stable: among equals the first to be named comes first.
  const sorted = counts.toSorted((a, b) => b.count - a.count)
  const shown = sorted.slice(0, busiestNames).map(({ name, count }) => `${name} ${count}`)
  return list(sorted.length > busiestNames ? [...shown, `${sorted.length - busiestNames} others`] : shown)
}
