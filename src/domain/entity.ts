import { entityKinds } from "./vocabulary.ts"

/** "No entity": an empty `entity` or `owner` cell. */
export const NONE = -1

/**
 * The entities of one trace, interned: each id (`s12`, `t3`, `a7`, `x2`) gets a slot, 0, 1, 2, … in the order of
 * its first appearance. Rows carry slots; state is kept in arrays indexed by slot.
 */
export class EntityTable {
  /** How many slots are taken. */
  count = 0
  /** Per slot: the kind's code. */
  kind: Uint8Array<ArrayBuffer> = new Uint8Array(256)
  /** Per slot: the number behind the letter. */
  number: Uint32Array<ArrayBuffer> = new Uint32Array(256)
  /** Per kind: slot + 1 by number, for numbers that are small enough for an array. */
  readonly #dense: Array<Int32Array<ArrayBuffer>> = entityKinds.map(() => new Int32Array(256))
  /** Per kind: slot by number, for the others: an id such as `s4000000000` must not cost gigabytes. */
  readonly #sparse: Array<Map<number, number>> = entityKinds.map(() => new Map())

  /** The slot of an id, made if it is new. `number` is a C unsigned int. */
  slot(kind: number, number: number): number {
    const dense = this.#dense[kind]!
    if (number < dense.length) {
      const known = dense[number]!
      if (known !== 0) return known - 1
    }
    return this.#lookUp(kind, number)
  }

  #lookUp(kind: number, number: number): number {
    // Real traces number their entities from 1 on: arrays serve them. The bound follows the count of entities.
    if (number < 4096 + 8 * this.count) {
      let dense = this.#dense[kind]!
      if (number >= dense.length) {
        dense = grown(dense, number + 1)
        this.#dense[kind] = dense
      }
      const moved = this.#sparse[kind]!.get(number)
      const slot = moved ?? this.#add(kind, number)
      dense[number] = slot + 1
      return slot
    }
    const known = this.#sparse[kind]!.get(number)
    if (known !== undefined) return known
    const slot = this.#add(kind, number)
    this.#sparse[kind]!.set(number, slot)
    return slot
  }

  #add(kind: number, number: number): number {
    const slot = this.count++
    if (slot === this.kind.length) {
      this.kind = grown(this.kind, slot + 1)
      this.number = grown(this.number, slot + 1)
    }
    this.kind[slot] = kind
    this.number[slot] = number
    return slot
  }

  /** The id of a slot as the trace spells it; an empty text for {@link NONE}. */
  id(slot: number): string {
    return slot < 0 ? "" : entityKinds[this.kind[slot]!]!.letter + this.number[slot]!
  }

  /** The slot of an id that is already there, or {@link NONE}. */
  find(id: string): number {
    const kind = entityKinds.findIndex(({ letter }) => id.startsWith(letter))
    const digits = id.slice(1)
    if (kind < 0 || !/^(0|[1-9][0-9]*)$/.test(digits)) return NONE
    const number = Number(digits)
    const dense = this.#dense[kind]!
    const slot = number < dense.length ? dense[number]! - 1 : NONE
    return slot >= 0 ? slot : (this.#sparse[kind]!.get(number) ?? NONE)
  }
}

/** A copy of a typed array with room for at least `length` elements, at least twice as long. */
export const grown = <
  A extends
    Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>,
>(
  array: A,
  length: number,
): A => {
  const bigger = new (array.constructor as new (length: number) => A)(Math.max(length, array.length * 2))
  bigger.set(array as never)
  return bigger
}
