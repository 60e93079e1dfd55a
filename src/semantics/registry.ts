import type { Branch, Part } from "./part.ts"
import { appletEndRelease } from "./parts/applet-end-release.ts"
import { appletFreeDequeues } from "./parts/applet-free-dequeues.ts"
import { appletRuns } from "./parts/applet-runs.ts"
import { appletWaiter } from "./parts/applet-waiter.ts"
import { connWakeRelease } from "./parts/conn-wake-release.ts"
import { luaAlloc } from "./parts/lua-alloc.ts"
import { notifyRelease } from "./parts/notify-release.ts"
import { offerBudget } from "./parts/offer-budget.ts"
import { offerRefusal } from "./parts/offer-refusal.ts"
import { offerSkipsSelf } from "./parts/offer-skips-self.ts"
import { offerThreshold } from "./parts/offer-threshold.ts"
import { spoeMargin } from "./parts/spoe-margin.ts"
import { spoeTimeoutRelease } from "./parts/spoe-timeout-release.ts"
import { spoeWaiter } from "./parts/spoe-waiter.ts"
import { streamFreeOffers } from "./parts/stream-free-offers.ts"
import { streamReleaseOffers } from "./parts/stream-release-offers.ts"

/**
 * Every part of the fix, in the order of semantics.md's table. The order is part of the interface: it is the
 * order of every list and table, and a part's index is its bit.
 */
export const parts = [
  appletWaiter,
  appletRuns,
  notifyRelease,
  connWakeRelease,
  appletEndRelease,
  streamReleaseOffers,
  streamFreeOffers,
  offerBudget,
  offerThreshold,
  offerSkipsSelf,
  offerRefusal,
  appletFreeDequeues,
  luaAlloc,
  spoeMargin,
  spoeWaiter,
  spoeTimeoutRelease,
] as const

export type PartName = (typeof parts)[number]["name"]

export const partNames: ReadonlyArray<PartName> = parts.map((part) => part.name)

/** 1 << index of each part. A choice of parts is a bit mask: a set bit means after, a clear one before. */
export const bitOf: Readonly<Record<PartName, number>> = Object.fromEntries(
  parts.map((part, index) => [part.name, 1 << index]),
) as Record<PartName, number>

export const partBit = (name: PartName): number => bitOf[name]

/** Every part after the fix. The mask of every part before it is 0. */
export const allParts: number = (1 << parts.length) - 1

export const isPartName = (name: string): name is PartName => Object.hasOwn(bitOf, name)

/** The part of that name, for names that come from outside. */
export const partNamed = (name: string): Part<PartName> | undefined =>
  parts.find((part) => part.name === name)

/** The parts that exist in a branch, in registry order. */
export const partsOf = (branch: Branch): ReadonlyArray<Part<PartName>> =>
  parts.filter((part) => part.branches.includes(branch))

export const maskOf = (names: Iterable<PartName>): number => {
  let mask = 0
  for (const name of names) mask |= bitOf[name]
  return mask
}

/** The parts that are after in a mask, in registry order. */
export const partsIn = (mask: number): ReadonlyArray<PartName> =>
  partNames.filter((name) => (mask & bitOf[name]) !== 0)
