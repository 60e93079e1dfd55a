import { definePart, fixCommit, placesIn } from "../part.ts"

/**
 * Source: src/flt_spoe.c, create_spoe_context and wakeup_spoe_context. At a73e59b69^ the context queues a
 * bare list node, while src/stream.c, __stream_offer_buffers, walks the queue as streams and so computes a
 * stream that is not there.
 */
export const spoeWaiter = definePart({
  name: "spoe-waiter",
  branches: ["1.7"],
  places: placesIn(
    "src/flt_spoe.c",
    "acquire_spoe_appctx",
    "create_spoe_context",
    "destroy_spoe_context",
    "wakeup_spoe_context",
  ),
  commit: fixCommit,
  before:
    "A SPOE context puts a bare list node in a wait queue that an offer walks as streams: type confusion.",
  after:
    "A SPOE context puts itself in the wait queue; an offer wakes its stream's task, and it never refuses.",
  symptom: "The process crashes, or corrupts memory, at the first offer whose walk reaches a SPOE context.",
  workload: "A SPOE filter whose contexts find the pool exhausted.",
})
