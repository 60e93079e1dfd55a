import { definePart, everyBranch, fixCommit, placesIn } from "../part.ts"

/**
 * Source: src/buffer.c, __offer_buffer: avail is an int and the threshold an unsigned int, so C compares
 * them as unsigned. At a73e59b69^ the walk is __stream_offer_buffers (src/stream.c) behind a signed test in
 * stream_offer_buffers (include/proto/stream.h); both are gone at a73e59b69.
 */
export const offerBudget = definePart({
  name: "offer-budget",
  branches: everyBranch,
  places: [
    ...placesIn("include/common/buffer.h", "offer_buffers"),
    ...placesIn("src/buffer.c", "__offer_buffer"),
  ],
  commit: fixCommit,
  before:
    "An offer goes on while avail exceeds task_rq as signed numbers; avail stays, and task_rq grows with each task that a wake adds.",
  after:
    "An offer computes its threshold once, stops when avail is at most the threshold as unsigned numbers, and spends one avail for each wake.",
  symptom:
    "A wake that adds no task costs the offer nothing: woken applets and tasks queued already let the walk run on, and one buffer wakes a crowd.",
  workload:
    "Offers to a queue of several waiters, with more free buffers than runnable tasks; or a reserve of 4 and an exhausted pool.",
})
