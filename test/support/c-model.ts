/**
 * The C of HAProxy's buffer pool and of its offers, statement by statement, with C's unsigned ints spelled out. Slow, and
 * written from semantics.md without a look at `Machine`: the two are compared in the tests.
 */

const unsigned = (value: number): number => value >>> 0
const signed = (value: number): number => value | 0

export interface Pool {
  allocated: number
  used: number
}

/** b_alloc_margin() over pool_refill_alloc(): whether there was a buffer. `undefined`: the C loop would never end. */
export const takeBuffer = (pool: Pool, limit: number, margin: number): boolean | undefined => {
  if (unsigned(pool.allocated - pool.used) > margin) {
    pool.used = unsigned(pool.used + 1)
    return true
  }
  const target = unsigned(margin + pool.used)
  if (target === 0xffff_ffff && limit === 0) return undefined
  do {
    if (limit !== 0 && pool.allocated >= limit) return false
    pool.allocated = unsigned(pool.allocated + 1)
  } while (!(pool.allocated > target))
  pool.used = unsigned(pool.used + 1)
  return true
}

/** One entry of the wait queue, as an offer sees it. */
export interface Entry {
  readonly kind: "stream" | "applet" | "spoeContext"
  /** The task is in the run queue, or the applet on the run list. For a SPOE context, its stream's task. */
  ready: boolean
  readonly running: boolean
  /** It is the one who offers. */
  readonly self: boolean
}

export interface Offer {
  readonly pool: Pool
  readonly reserve: number
  taskRq: number
  appletRq: number
}

/** By part: whether it is after the fix. */
export interface OfferParts {
  readonly budget: boolean
  readonly threshold: boolean
  readonly skipsSelf: boolean
  readonly refusal: boolean
}

/** stream_offer_buffers() or offer_buffers(): what happens to each entry that the walk reaches, in the queue's order. */
export const offer = (
  state: Offer,
  queue: ReadonlyArray<Entry>,
  after: OfferParts,
): ReadonlyArray<string> => {
  const { pool } = state
  let avail = signed(unsigned(unsigned(pool.allocated - pool.used) - Math.trunc(state.reserve / 2)))
  const counted = after.budget && after.threshold ? unsigned(state.taskRq + state.appletRq) : state.taskRq
  const log = [`avail ${avail}, threshold ${counted}`]
  for (const entry of queue) {
    // `avail <= threshold`: after the fix an int and an unsigned int, hence unsigned; before it two ints.
    if (after.budget ? unsigned(avail) <= counted : avail <= signed(state.taskRq)) break
    const verdict = refuses(entry, after)
    if (verdict !== undefined) {
      log.push(`skip ${verdict}`)
      continue
    }
    log.push(`wake ${wake(state, entry)}`)
    if (after.budget) avail = signed(avail - 1)
  }
  return log
}

const refuses = (entry: Entry, after: OfferParts): string | undefined => {
  if (after.skipsSelf && entry.self) return "self"
  if (entry.kind === "spoeContext") return undefined
  if (!after.refusal) return entry.kind === "stream" && entry.running ? "running" : undefined
  const busy = entry.ready || (entry.kind === "stream" && entry.running)
  return busy ? "busy" : undefined
}

const wake = (state: Offer, entry: Entry): string => {
  if (entry.ready) return "already"
  entry.ready = true
  if (entry.kind === "applet") state.appletRq = unsigned(state.appletRq + 1)
  else state.taskRq = unsigned(state.taskRq + 1)
  return "queued"
}
