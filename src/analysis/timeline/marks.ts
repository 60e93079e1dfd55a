/** How two neighbours' values become one. */
type Merge = (kept: number, next: number) => number

export const firstOf: Merge = (kept) => kept
export const highest: Merge = Math.max
export const sum: Merge = (kept, next) => kept + next
/** The value that both have, else the one for none. */
export const sameOr =
  (none: number): Merge =>
  (kept, next) =>
    kept === next ? kept : none

/**
 * Marks in the order in which they come, as columns: at most `bound` of them, an even number. When there are more, neighbours are
 * merged pairwise, and from then on each mark stands for twice as many. What is kept depends on nothing but what was added.
 */
export class Marks<Name extends string> {
  readonly columns: { readonly [N in Name]: Array<number> }
  /** How many additions a mark stands for, but for the last one, which may stand for fewer. */
  stride = 1
  /** How many have been added, and how many marks there are. */
  addedCount = 0
  count = 0
  /** How many additions the last mark stands for. */
  #inLast = 0
  readonly #merges: ReadonlyArray<readonly [Name, Merge]>
  readonly #bound: number

  constructor(merges: { readonly [N in Name]: Merge }, bound: number) {
    this.#merges = Object.entries(merges) as Array<[Name, Merge]>
    this.#bound = bound
    this.columns = Object.fromEntries(this.#merges.map(([name]) => [name, []])) as never
  }

  add(values: { readonly [N in Name]: number }): void {
    this.addedCount++
    if (this.count > 0 && this.#inLast < this.stride) {
      const last = this.count - 1
      for (const [name, merge] of this.#merges) {
        const column = this.columns[name]
        column[last] = merge(column[last]!, values[name])
      }
      this.#inLast++
      return
    }
    if (this.count === this.#bound) this.#halve()
    for (const [name] of this.#merges) this.columns[name].push(values[name])
    this.count++
    this.#inLast = 1
  }

  /** All marks are full here, and there is an even number of them: so are the merged ones. */
  #halve(): void {
    for (const [name, merge] of this.#merges) {
      const column = this.columns[name]
      for (let at = 0; 2 * at < column.length; at++) column[at] = merge(column[2 * at]!, column[2 * at + 1]!)
      column.length /= 2
    }
    this.count /= 2
    this.stride *= 2
  }
}
