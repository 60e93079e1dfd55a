import { appletCounterCommit, definePart, everyBranch, placesIn } from "../part.ts"

/**
 * Source: 1cbe74cd8 counts the active applets (include/proto/applet.h); the sum of the two counters is
 * written at every call of offer_buffers, and those calls come with a73e59b69. Both are places where the
 * applets can be left out.
 */
export const offerThreshold = definePart({
  name: "offer-threshold",
  branches: everyBranch,
  places: [
    ...placesIn("include/proto/applet.h", "appctx_wakeup", "appctx_pause", "appctx_free"),
    ...placesIn("include/proto/channel.h", "channel_release_buffer"),
    ...placesIn("src/flt_spoe.c", "release_spoe_appctx", "spoe_check_timeouts"),
    ...placesIn("src/stream.c", "stream_free", "stream_release_buffers"),
  ],
  commit: appletCounterCommit,
  before: "An offer keeps a buffer back for each task in the run queue.",
  after: "An offer keeps a buffer back for each task in the run queue and each active applet.",
  symptom:
    "Applets that are about to run are not counted, so an offer promises their buffers to waiters and some wakes are futile.",
  workload: "Offers while applets are on the run list: applets beside streams under an exhausted pool.",
})
