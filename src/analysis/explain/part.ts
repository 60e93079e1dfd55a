import type { TraceHead } from "../../domain/batch.ts"
import type { ExplainRun } from "../../domain/documents.ts"
import { Event, Result, Side, Site, resultNames, sideNames, siteNames } from "../../domain/vocabulary.ts"
import type { Machine } from "../../replay/machine.ts"
import type { Happening } from "../../replay/observer.ts"
import { partsIn, type PartName } from "../../semantics/registry.ts"
import { describeChoice, type Choice } from "../../semantics/semantics.ts"
import { freedBuffers } from "./offer.ts"
import { bufferText, list } from "./words.ts"

/** What a happening was, in what it did to somebody: the counters alone do not make two replays part ways. */
interface Deed {
  readonly happening: Happening
  readonly touched: number
  readonly freed: ReadonlyArray<string>
  readonly waiter: string
  readonly offered: boolean
  readonly threshold: number
  /** Whom an offer met, and what it did with each: `s3 woken`. */
  readonly met: ReadonlyArray<string>
  readonly undefinedEntity: string
  /** All of it that is compared. */
  readonly sign: string
}

/** The part that says what a release does at each site. */
const partOfSite: Partial<Record<number, PartName>> = {
  [Site.notify]: "notify-release",
  [Site.conn_wake]: "conn-wake-release",
  [Site.applet_end]: "applet-end-release",
  [Site.spoe_timeout]: "spoe-timeout-release",
}
const offerPartOfSite: Partial<Record<number, PartName>> = {
  ...partOfSite,
  [Site.stream_end]: "stream-release-offers",
  [Site.stream_free]: "stream-free-offers",
}

/** Compares two replays, happening by happening, until they part ways. */
export class Parting {
  readonly #head: TraceHead
  readonly #choices: readonly [Choice, Choice]
  /** What one replay has done and the other not yet. */
  readonly #queues: readonly [Array<Deed>, Array<Deed>] = [[], []]
  #found: readonly [Deed | undefined, Deed | undefined] | undefined = undefined

  constructor(head: TraceHead, choices: readonly [Choice, Choice]) {
    this.#head = head
    this.#choices = choices
  }

  /** One replay has done something. Its machine's `touched` is what that touched, and is cleared here. */
  push(side: 0 | 1, happening: Happening, machine: Machine): void {
    if (this.#found === undefined) this.#queues[side].push(this.#deed(happening, machine))
    machine.touched = 0
  }

  /** Compares what both have done; `over`: nothing comes any more. */
  compare(over: boolean): void {
    if (this.#found !== undefined) return
    const [ours, theirs] = this.#queues
    let at = 0
    for (; at < ours.length && at < theirs.length; at++) {
      if (ours[at]!.sign === theirs[at]!.sign) continue
      this.#found = [ours[at], theirs[at]]
      return
    }
    if (over && ours.length !== theirs.length) this.#found = [ours[at], theirs[at]]
    ours.splice(0, at)
    theirs.splice(0, at)
  }

  /** Where they part ways; null if they do not. */
  get found(): ExplainRun["partWays"] {
    if (this.#found === undefined) return null
    const [ours, theirs] = this.#found
    const { row, timeUs } = this.#first(ours, theirs).happening
    const [under, beside] = this.#choices.map(describeChoice)
    const parts = this.#parts(ours, theirs)
    const text = `under ${under}, ${this.#say(ours, row)}; under ${beside}, ${this.#say(theirs, row)}`
    return { row, timeUs, text, part: parts.length === 1 ? parts[0]! : null, parts }
  }

  #first(ours: Deed | undefined, theirs: Deed | undefined): Deed {
    if (ours === undefined || theirs === undefined) return (ours ?? theirs)!
    return theirs.happening.row < ours.happening.row ? theirs : ours
  }

  #deed(happening: Happening, machine: Machine): Deed {
    const { kind, entity, owner, site, side, result } = happening
    const { outcomes, touched } = machine
    const { entities } = this.#head
    const isRelease = kind === "release"
    const holder = siteNames[site]?.startsWith("spoe_") === true ? entity : owner
    const freed = isRelease ? freedBuffers(machine, this.#head, holder) : []
    const met: Array<string> = []
    let [offered, threshold] = [false, 0]
    if (isRelease) {
      for (let i = 0; i < outcomes.count; i++) {
        const id = entities.id(outcomes.entity[i]!)
        if (outcomes.event[i] === Event.wake) met.push(`${id} woken`)
        else if (outcomes.event[i] === Event.skip)
          met.push(`${id} skipped (${resultNames[outcomes.detail[i]!]!})`)
        else if (outcomes.event[i] === Event.offer) [offered, threshold] = [true, outcomes.threshold[i]!]
      }
    }
    const waiter = kind === "attempt" && result === Result.fail ? entities.id(machine.waiter) : ""
    const undefinedEntity = machine.undefinedKind === undefined ? "" : entities.id(machine.undefinedEntity)
    const woken = met.filter((one) => one.endsWith("woken"))
    const sign = [kind, entity, site, side, result, waiter, freed, woken, undefinedEntity].join("/")
    return { happening, touched, freed, waiter, offered, threshold, met, undefinedEntity, sign }
  }

  /** The parts whose rule makes the difference: those of the rule that it is, if the semantics differ in them. */
  #parts(ours: Deed | undefined, theirs: Deed | undefined): ReadonlyArray<PartName> {
    const [under, beside] = this.#choices
    const touched = (ours?.touched ?? 0) | (theirs?.touched ?? 0)
    const possible = partsIn((under.after ^ beside.after) & touched)
    const likely = ruleOf(ours, theirs).filter((part) => possible.includes(part))
    return likely.length > 0 ? likely : possible
  }

  #say(deed: Deed | undefined, row: number): string {
    if (deed === undefined) return "nothing more happens"
    const { happening, waiter, freed, met, offered, undefinedEntity } = deed
    const { kind, entity, owner, site, side, result } = happening
    const id = this.#head.entities.id(entity)
    const when = happening.row === row ? "" : ` at row ${happening.row}`
    switch (kind) {
      case "attempt": {
        const what = bufferText(
          side === Side.own ? "own" : `${sideNames[side]!} of ${this.#head.entities.id(owner)}`,
        )
        if (result === 0) return `${id} does not allocate${when}`
        if (result !== Result.fail) return `${id} ${result === Result.ok ? "gets" : "holds"} ${what}${when}`
        return `${id} fails to get ${what}${when}, and ${waiter === id ? "it is queued itself" : `${waiter} is queued in its stead`}`
      }
      case "release": {
        const gives = freed.length === 0 ? "frees nothing" : `frees ${freed.map(bufferText).join(" and ")}`
        const offer = !offered
          ? "offers nothing"
          : met.length === 0
            ? "offers in vain"
            : `offers: ${list(met)}`
        const end = undefinedEntity === "" ? "" : `; the walk reaches ${undefinedEntity}, which is undefined`
        return `${id} at ${siteNames[site]!}${when} ${gives} and ${offer}${end}`
      }
      case "wakeup":
        return `${id} is woken${when}${result === Result.already ? ", being ready already" : ""}`
      case "run":
        return `${id} runs${when}${happening.recordedRow < 0 ? ", which the trace has no row for" : ""}`
      case "park":
        return `${id} is parked${when}`
      case "freed":
        return `${id} is freed${when}`
      case "pool":
        return `the pool is collected${when}`
    }
  }
}

const ruleOf = (ours: Deed | undefined, theirs: Deed | undefined): ReadonlyArray<PartName> => {
  if ([ours, theirs].some((deed) => deed?.happening.kind === "park")) return ["applet-runs"]
  if ([ours, theirs].some((deed) => deed !== undefined && deed.undefinedEntity !== ""))
    return ["spoe-waiter", "applet-free-dequeues"]
  if (ours === undefined || theirs === undefined) return []
  const { kind, site } = ours.happening
  if (kind !== theirs.happening.kind || site !== theirs.happening.site) return []
  if (kind === "attempt") {
    if (ours.waiter !== "" && theirs.waiter !== "") return ["applet-waiter"]
    return site === Site.lua ? ["lua-alloc"] : site === Site.spoe ? ["spoe-margin"] : []
  }
  if (kind !== "release") return []
  if (ours.freed.join() !== theirs.freed.join()) return of(partOfSite[site])
  if (ours.offered !== theirs.offered) return of(offerPartOfSite[site])
  const at = ours.met.findIndex((one, index) => one !== theirs.met[index])
  const differing = [ours.met[at] ?? "", theirs.met[at < 0 ? ours.met.length : at] ?? ""]
  if (differing.some((one) => one.endsWith("(self)"))) return ["offer-skips-self"]
  if (differing.some((one) => one.endsWith("(busy)") || one.endsWith("(running)"))) return ["offer-refusal"]
  return ours.threshold === theirs.threshold ? ["offer-budget"] : ["offer-budget", "offer-threshold"]
}

const of = (part: PartName | undefined): ReadonlyArray<PartName> => (part === undefined ? [] : [part])
