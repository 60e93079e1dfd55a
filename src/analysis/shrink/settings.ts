import type { PoolSettings } from "../../replay/machine.ts"

/** The settings of a pool that may shrink, in the order in which they are tried. */
const fields = ["limit", "reserve", "allocated", "used", "runQueueTasks"] as const
type Field = (typeof fields)[number]

/**
 * What HAProxy makes of a limit that is too small: at least 3 buffers, and one more than it keeps for responses (v1.7.0
 * src/cfgparse.c, tune.buffers.limit). With less no process would run.
 */
const leastLimit = (reserve: number): number => Math.max(3, reserve + 1)
/** v1.7.0 src/cfgparse.c, tune.buffers.reserve. */
const leastReserve = 2

/** Numbers below one: the small ones, smallest first, then, where it is large, its halves. */
const below = (value: number, least: number): ReadonlyArray<number> => {
  const all: Array<number> = []
  for (let small = least; small < Math.min(value, least + 32); small++) all.push(small)
  for (let half = value >> 1; half >= least + 32; half >>= 1) all.push(half)
  return all
}

/** Settings that are smaller than some in one number, the smallest first; the others follow where they must. */
export const smallerSettings = (settings: PoolSettings): ReadonlyArray<PoolSettings> =>
  fields.flatMap((field) =>
    below(settings[field], leastOf(field, settings)).map((value) => fitting({ ...settings, [field]: value })),
  )

const leastOf = (field: Field, settings: PoolSettings): number => {
  switch (field) {
    case "limit":
      // No limit at all is not a small one.
      return settings.limit === 0 ? 0 : leastLimit(settings.reserve)
    case "reserve":
      return leastReserve
    default:
      return 0
  }
}

const fitting = (settings: PoolSettings): PoolSettings => {
  const { limit } = settings
  const allocated = limit === 0 ? settings.allocated : Math.min(settings.allocated, limit)
  return { ...settings, allocated, used: Math.min(settings.used, allocated) }
}

/** Below 0 if the first settings are smaller than the others. */
export const compareSettings = (one: PoolSettings, other: PoolSettings): number => {
  const field = fields.find((name) => one[name] !== other[name])
  return field === undefined ? 0 : one[field] - other[field]
}

export const settingsOf = ({
  limit,
  reserve,
  allocated,
  used,
  runQueueTasks,
}: PoolSettings): PoolSettings => ({
  limit,
  reserve,
  allocated,
  used,
  runQueueTasks,
})
