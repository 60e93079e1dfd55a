/** A small seeded generator of random numbers (mulberry32): the same seed gives the same trace, everywhere. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** The next C unsigned int. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    return this.next() % limit
  }

  /** Whether something happens that happens `percent` times of a hundred. */
  chance(percent: number): boolean {
    return this.next() % 100 < percent
  }

  pick<A>(list: ReadonlyArray<A>): A {
    return list[this.below(list.length)]!
  }
}
