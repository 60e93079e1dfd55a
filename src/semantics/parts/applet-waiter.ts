import { definePart, everyBranch, fixCommit, placesIn } from "../part.ts"

/**
 * Source: src/applet.c, applet_run_active. At a73e59b69^ it calls stream_alloc_recv_buffer, which takes the
 * channel's stream as the waiter whoever asks; at a73e59b69 channel_alloc_buffer takes the waiter from its
 * caller.
 */
export const appletWaiter = definePart({
  name: "applet-waiter",
  branches: everyBranch,
  places: [
    ...placesIn("include/proto/applet.h", "appctx_new", "appctx_res_wakeup"),
    ...placesIn("include/proto/channel.h", "channel_alloc_buffer"),
    ...placesIn("src/applet.c", "applet_run_active"),
  ],
  commit: fixCommit,
  before: "An applet whose allocation fails puts its owner stream in the wait queue.",
  after: "An applet whose allocation fails puts itself in the wait queue.",
  symptom:
    "An applet waits for a buffer while its stream is woken in its stead, so the applet is served late or never.",
  workload:
    "Applets that need a buffer while the pool is exhausted: slow readers of a large statistics page beside slow downloads.",
})
