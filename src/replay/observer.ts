/** One thing that has happened to the machine of a replay. Entities are slots, the others codes of the vocabulary. */
export interface Happening {
  /**
   * An attempt to get a buffer, a place where buffers may be released, a wakeup by no offer, the begin of a run, an applet
   * that is parked, an entity that is freed, and what the pool's collector leaves.
   */
  readonly kind: "attempt" | "release" | "wakeup" | "run" | "park" | "freed" | "pool"
  readonly entity: number
  readonly owner: number
  readonly site: number
  readonly side: number
  readonly result: number
  /** The pool's counters before it. */
  readonly allocated: number
  readonly used: number
  /** Where the replay stands. */
  readonly row: number
  readonly timeUs: number
  /** The row that holds it: an earlier one where it happens late, NONE where the trace has no such row. */
  readonly recordedRow: number
}

/**
 * Is told of each thing right after it happened. The machine is in the state that it led to; of an attempt, a release and a
 * freed entity, `machine.outcomes` holds what the queue did in answer.
 */
export type Observer = (happening: Happening) => void
