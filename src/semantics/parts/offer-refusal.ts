import { definePart, everyBranch, fixCommit, placesIn } from "../part.ts"

/**
 * Source: include/proto/stream.h, stream_res_wakeup, and include/proto/applet.h, appctx_res_wakeup: they
 * return 0 to refuse. At a73e59b69^ src/stream.c, __stream_offer_buffers, tests only whether the stream's
 * task is running.
 */
export const offerRefusal = definePart({
  name: "offer-refusal",
  branches: everyBranch,
  places: [
    ...placesIn("include/proto/applet.h", "appctx_res_wakeup"),
    ...placesIn("include/proto/stream.h", "stream_res_wakeup"),
    ...placesIn("src/buffer.c", "__offer_buffer"),
  ],
  commit: fixCommit,
  before:
    "An offer passes over a running stream; any other waiter leaves the wait queue and is woken, even if its task is queued already.",
  after:
    "A stream that runs or is in the run queue, and an applet on the run list, refuse the wake: they stay in the wait queue and cost no budget.",
  symptom:
    "A waiter that is about to run anyway is woken once more, and the wake that goes to it is missing to the next in the queue.",
  workload:
    "Offers that reach a waiter which is runnable already: applets or streams that are queued and woken by I/O.",
})
