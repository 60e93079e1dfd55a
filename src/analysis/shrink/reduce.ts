/** Cuts one chunk of units out of what is kept; true if what is left still shows the finding, and is taken over. */
export type Cut = (chunk: ReadonlyArray<number>) => boolean

/** What comes later rests on what came before, so that the latest may be left out most likely; the other way may end lower. */
export type Order = "latest first" | "earliest first"

/**
 * Delta debugging: tries to do without chunks of units, half of them first, then ever smaller ones. Ends when no single unit can be left out. Yields after each try, so that
 * the caller may draw or stop. True if anything was left out.
 */
export function* reduce(
  units: ReadonlyArray<number>,
  order: Order,
  isKept: (unit: number) => boolean,
  cut: Cut,
): Generator<void, boolean> {
  let rest = units.filter(isKept)
  let changed = false
  let size = Math.max(1, Math.ceil(rest.length / 2))
  while (rest.length > 0) {
    let removed = false
    for (let done = 0; done < rest.length; done += size) {
      const to = order === "latest first" ? rest.length - done : Math.min(rest.length, done + size)
      const from = order === "latest first" ? Math.max(0, to - size) : done
      const chunk = rest.slice(from, to).filter(isKept)
      if (chunk.length === 0) continue
      if (cut(chunk)) removed = true
      yield
    }
    rest = rest.filter(isKept)
    changed ||= removed
    if (size > 1) size = Math.min(Math.ceil(size / 2), Math.max(1, rest.length))
    else if (!removed) break
  }
  return changed
}

/** The same with every two units at once: what only makes sense together goes together. */
export function* reducePairs(
  units: ReadonlyArray<number>,
  isKept: (unit: number) => boolean,
  cut: Cut,
): Generator<void, boolean> {
  let changed = false
  for (let i = units.length - 1; i > 0; i--) {
    for (let j = i - 1; j >= 0 && isKept(units[i]!); j--) {
      if (!isKept(units[j]!)) continue
      if (cut([units[i]!, units[j]!])) changed = true
      yield
    }
  }
  return changed
}

/**
 * The smallest number from `from` to `to` for which a property holds, if it holds for all above one for which it does;
 * else one for which it does, all the same. It holds for `to`.
 */
export function* bisect(from: number, to: number, holds: (at: number) => boolean): Generator<void, number> {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
    yield
  }
  return high
}
