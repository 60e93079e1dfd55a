import { NONE } from "../../domain/entity.ts"
import { Event } from "../../domain/vocabulary.ts"
import { Flag, type Machine } from "../../replay/machine.ts"

export interface Position {
  /** 1 for the head of the queue; absent where it is not in it. */
  readonly position?: number
  readonly queueLength: number
}

/**
 * Where a waiter stands in the wait queue. It is followed by what the queue does, from the first question on: to walk a long queue
 * anew at each offer that does not reach the waiter would cost more than the offers themselves.
 */
export class QueuePosition {
  /** Entries that were walked. */
  walkStepCount = 0
  readonly #machine: Machine
  /** Whom it follows while that one is queued, and where it stands. */
  #waiter = NONE
  #position = 0
  /** Who has been queued behind it since. */
  readonly #behind = new Set<number>()

  constructor(machine: Machine) {
    this.#machine = machine
  }

  /** Something happened: `machine.outcomes` holds what the queue did in answer. To be told of each once. */
  heard(): void {
    if (this.#waiter === NONE) return
    const { count, event, entity } = this.#machine.outcomes
    for (let i = 0; i < count; i++) {
      if (event[i] === Event.enqueue) this.#behind.add(entity[i]!)
      else if (event[i] === Event.dequeue || event[i] === Event.wake) this.#left(entity[i]!)
    }
  }

  of(waiter: number): Position {
    const { flags, queueLength } = this.#machine
    if ((flags[waiter]! & Flag.waiting) === 0) return { queueLength }
    if (waiter !== this.#waiter) this.#follow(waiter)
    return { position: this.#position, queueLength }
  }

  #left(entity: number): void {
    if (entity === this.#waiter) this.#waiter = NONE
    else if (!this.#behind.delete(entity)) this.#position--
  }

  #follow(waiter: number): void {
    const { next, tail, queueLength } = this.#machine
    this.#waiter = waiter
    this.#behind.clear()
    this.#position = queueLength
    // Mostly it has just been queued, and is the last.
    for (let at = waiter; at !== tail; at = next[at]!) {
      this.walkStepCount++
      this.#position--
      this.#behind.add(next[at]!)
    }
  }
}
