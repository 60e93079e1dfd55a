import type { RowBatch } from "../domain/batch.ts"
import { Event, Result, Site } from "../domain/vocabulary.ts"
import type { PartName } from "../semantics/registry.ts"
import type { Outcomes } from "./outcomes.ts"

/** The part of the fix that says what a release does at each site. */
const partsOfSites: Partial<Record<number, PartName>> = {
  [Site.notify]: "notify-release",
  [Site.conn_wake]: "conn-wake-release",
  [Site.applet_end]: "applet-end-release",
  [Site.stream_end]: "stream-release-offers",
  [Site.stream_free]: "stream-free-offers",
  [Site.spoe_timeout]: "spoe-timeout-release",
  [Site.spoe]: "spoe-margin",
  [Site.lua]: "lua-alloc",
  [Site.applet_free]: "applet-free-dequeues",
}

export const partOfSite = (site: number): PartName | null => partsOfSites[site] ?? null

/**
 * The part of the fix whose rule predicted outcome `at` of `outcomes`, or failed to predict the recorded row, at which the two
 * differ. `causeSite`: where the row was that they answer; `lastReleaseSite`: where buffers were last released, which a wrong
 * number of free ones most likely comes from.
 */
export const partOfOutcome = (
  outcomes: Outcomes,
  at: number,
  batch: RowBatch,
  i: number,
  causeSite: number,
  lastReleaseSite: number,
): PartName | null => {
  const predicted = at < outcomes.count ? outcomes.event[at]! : -1
  const recorded = batch.event[i]!
  if (predicted === Event.offer && recorded === Event.offer) {
    if (outcomes.avail[at] !== batch.avail[i]) return partOfSite(lastReleaseSite)
    if (outcomes.threshold[at] !== batch.threshold[i]) return "offer-threshold"
    return "offer-skips-self"
  }
  if (predicted === Event.enqueue || (recorded === Event.enqueue && predicted === -1)) {
    return causeSite === Site.applet ? "applet-waiter" : null
  }
  if (predicted === Event.skip || recorded === Event.skip) {
    const reason = predicted === Event.skip ? outcomes.detail[at] : batch.result[i]
    return reason === Result.self ? "offer-skips-self" : "offer-refusal"
  }
  if (predicted === Event.offer || recorded === Event.offer || recorded === Event.dequeue) {
    return partOfSite(causeSite)
  }
  if (predicted === Event.wake || recorded === Event.wake) return "offer-budget"
  return partOfSite(causeSite)
}
