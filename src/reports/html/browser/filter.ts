import type { Lane, Timeline } from "../../../domain/documents/timeline.ts"
import { wakeClasses } from "../../../domain/wait.ts"

/** What is to be shown. An empty string is no condition. */
export interface Filter {
  /** An id, the beginning of one, or a part of an applet's name. */
  readonly entity: string
  readonly change: string
  readonly ending: string
  readonly wakeClass: string
}
export const everything: Filter = { entity: "", change: "", ending: "", wakeClass: "" }

/** Places of what passes a filter, in the columns of a lane. */
export interface Shown {
  readonly waits: ReadonlyArray<number>
  readonly offers: ReadonlyArray<number>
  readonly wakes: ReadonlyArray<number>
}

export const shownOf = (lane: Lane, timeline: Timeline, filter: Filter): Shown => {
  const named = namedBy(filter.entity.trim(), timeline.entities)
  const isNamed = timeline.entities.map(named)
  const bit =
    filter.wakeClass === "" ? 0 : 1 << wakeClasses.findIndex(({ name }) => name === filter.wakeClass)
  const nobody = filter.entity.trim() === ""
  const hits = (entity: number): boolean => nobody || isNamed[entity] === true
  return {
    waits: placesWhere(lane.waits, (wait) => {
      if (filter.change !== "" && wait.change !== filter.change) return false
      if (filter.ending !== "" && wait.ending !== filter.ending) return false
      return (
        nobody ||
        named(wait.requester) ||
        named(wait.waiter) ||
        named(wait.buffer.split(" ").at(-1)!) ||
        includes(wait.appletName, filter.entity)
      )
    }),
    offers: placesWhere(lane.offers.by, hits),
    wakes: placesWhere(lane.wakes.entity, (entity, at) => {
      if (bit !== 0 && (lane.wakes.classes[at]! & bit) === 0) return false
      return hits(entity) || hits(lane.wakes.by[at]!)
    }),
  }
}

/** An id that is there stands for itself alone; another text stands for every id that it begins. */
const namedBy = (text: string, entities: ReadonlyArray<string>): ((id: string) => boolean) =>
  text === "" || entities.includes(text) ? (id) => id === text : (id) => id.startsWith(text)

const includes = (name: string | null, text: string): boolean =>
  name !== null && name.toLowerCase().includes(text.trim().toLowerCase())

const placesWhere = <One>(
  all: ReadonlyArray<One>,
  holds: (one: One, at: number) => boolean,
): Array<number> => {
  const places: Array<number> = []
  for (let at = 0; at < all.length; at += 1) if (holds(all[at]!, at)) places.push(at)
  return places
}
