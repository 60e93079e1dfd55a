import { grown } from "../domain/entity.ts"

/**
 * The outcomes that the semantics predicts for one input row, in the order in which the trace records them.
 *
 * A list of columns that is cleared before each input row, so that no row allocates.
 */
export class Outcomes {
  count = 0
  /** A code of `Event`: enqueue, dequeue, offer, skip, wake, task_wakeup or applet_wakeup. */
  event: Uint8Array<ArrayBuffer> = new Uint8Array(64)
  entity: Int32Array<ArrayBuffer> = new Int32Array(64)
  /** The site of an enqueue or a dequeue; the result of a skip or a wakeup; 0 for the others. */
  detail: Uint8Array<ArrayBuffer> = new Uint8Array(64)
  /** Of an offer: what it computed. Of a wakeup: the tasks in the run queue before it. */
  avail: Int32Array<ArrayBuffer> = new Int32Array(64)
  /** Of an offer: what it compares with. Of a wakeup: the active applets before it. */
  threshold: Uint32Array<ArrayBuffer> = new Uint32Array(64)

  add(event: number, entity: number, detail: number, avail: number, threshold: number): void {
    const at = this.count++
    if (at === this.event.length) this.#grow()
    this.event[at] = event
    this.entity[at] = entity
    this.detail[at] = detail
    this.avail[at] = avail
    this.threshold[at] = threshold
  }

  #grow(): void {
    const length = this.event.length * 2
    this.event = grown(this.event, length)
    this.entity = grown(this.entity, length)
    this.detail = grown(this.detail, length)
    this.avail = grown(this.avail, length)
    this.threshold = grown(this.threshold, length)
  }

  /** Makes this list equal to another. */
  copyFrom(other: Outcomes): void {
    this.count = 0
    for (let i = 0; i < other.count; i++) {
      this.add(other.event[i]!, other.entity[i]!, other.detail[i]!, other.avail[i]!, other.threshold[i]!)
    }
  }
}
