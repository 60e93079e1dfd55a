/** Folds: many like events of an explanation become one, which shows its first and its last. */
import type { ExplainEvent } from "../../domain/documents.ts"
import { eventOf, Group, type Shown } from "./group.ts"
import type { Told } from "./timeline.ts"

/** How many events an explanation shows, folds counted once: a screen or two. */
const shownEvents = 14
/** How many events of the requester's own are tried to be kept at the begin and at the end; then fewer. */
const keptEnds = [8, 6, 5, 4, 3, 2, 1]
/** Of the own events so many are kept apart, of more than that those at both ends: more than is ever shown. */
const [mostOwn, endsOwn] = [64, 24]

/**
 * Takes the events of a wait one after the other and keeps no more of them than it takes to show few enough to be read. What is not
 * about the requester or its stand-in is folded first; if that is not enough, so is the middle.
 */
export class Folding {
  #count = 0
  /** The events of its own, and the stretches before, between and after them. */
  readonly #own: Array<{ readonly at: number; readonly told: Told }> = []
  readonly #stretches: Array<Stretch> = [new Map()]

  add(told: Told): void {
    const at = this.#count++
    if (!told.own) return addTo(this.#stretches.at(-1)!, at, told)
    this.#own.push({ at, told })
    this.#stretches.push(new Map())
    if (this.#own.length > mostOwn) {
      const middle = this.#merged(endsOwn)
      this.#own.splice(endsOwn, this.#own.length - 2 * endsOwn)
      this.#stretches.splice(endsOwn, this.#stretches.length - 2 * endsOwn, middle)
    }
  }

  folded(): ReadonlyArray<Shown> {
    const all = this.#shown(this.#own.length, undefined)
    if (all.length <= shownEvents) return all
    let fewest = all
    for (const kept of keptEnds) {
      const tried = 2 * kept >= this.#own.length ? all : this.#shown(kept, this.#merged(kept))
      if (tried.length <= shownEvents) return tried
      if (tried.length < fewest.length) fewest = tried
    }
    return fewest
  }

  /** Everything between so many own events at both ends, as one stretch. */
  #merged(kept: number): Stretch {
    const merged: Stretch = new Map()
    const end = this.#own.length - kept
    for (let i = kept; i <= end; i++) {
      for (const [name, group] of this.#stretches[i]!) groupOf(merged, name).append(group)
      if (i < end) addTo(merged, this.#own[i]!.at, this.#own[i]!.told)
    }
    return merged
  }

  /** What stays, and the folds between: all own events, or so many at both ends around `middle`. */
  #shown(kept: number, middle: Stretch | undefined): ReadonlyArray<Shown> {
    const resume = middle === undefined ? kept : this.#own.length - kept
    const stretches = [
      ...this.#stretches.slice(0, kept),
      middle ?? this.#stretches[kept]!,
      ...this.#stretches.slice(resume + 1),
    ]
    const own = [...this.#own.slice(0, kept), ...this.#own.slice(resume)]
    const shown: Array<Shown> = []
    for (const [at, stretch] of stretches.entries()) {
      shown.push(...eventsOf(stretch))
      if (at < own.length) shown.push({ event: eventOf(own[at]!.told), own: true })
    }
    return shown
  }
}

/** The events of a timeline, few enough to be read. */
export const folded = (told: ReadonlyArray<Told>): ReadonlyArray<ExplainEvent> => {
  const folding = new Folding()
  for (const one of told) folding.add(one)
  return folding.folded().map(({ event }) => event)
}

/** Like events between two that stay, by class. */
type Stretch = Map<string, Group>

const groupOf = (stretch: Stretch, name: string): Group => {
  let group = stretch.get(name)
  if (group === undefined) stretch.set(name, (group = new Group()))
  return group
}

const addTo = (stretch: Stretch, at: number, told: Told): void =>
  groupOf(stretch, classOf(told)).add(at, told)

const classOf = ({ facts: { kind, result = "", woken = [], skipped = [], entity } }: Told): string => {
  if (kind === "offer") return `offer ${woken.length + skipped.length > 0}`
  // Of others, who it is does not matter; the requester and its stand-in are told apart.
  return kind === "take" || kind === "release" ? kind : `${kind} ${entity} ${result}`
}

/** One fold for each class of events, in the order of their first. */
const eventsOf = (stretch: Stretch): ReadonlyArray<Shown> =>
  [...stretch.values()].flatMap((group) => group.shown).toSorted((a, b) => a.at - b.at)
