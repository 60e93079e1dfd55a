/** The number of insertions, deletions and substitutions between two names. */
export const editDistance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

/**
 * The candidate that a mistyped name probably meant, or undefined where none is near: a far-fetched guess
 * misleads more than none. Of several equally near the first wins, so that the answer depends on the
 * registry's order only.
 */
export const didYouMean = <Name extends string>(
  name: string,
  candidates: ReadonlyArray<Name>,
): Name | undefined => {
  const wanted = name.toLowerCase()
  let nearest: Name | undefined
  // A third of the name, at least 2: a name of a few letters may still have two of them swapped.
  let bound = Math.max(2, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    // Lengths alone already say this far: it spares a megabyte of mistyped argument its matrix.
    if (Math.abs(candidate.length - wanted.length) >= bound) continue
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance < bound) {
      nearest = candidate
      bound = distance
    }
  }
  return nearest
}
