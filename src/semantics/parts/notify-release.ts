import { definePart, everyBranch, fixCommit, placesIn } from "../part.ts"

/**
 * Source: src/stream_interface.c, the end of stream_int_notify, which at a73e59b69^ calls
 * stream_release_buffers; the fix deletes the call, so there is nothing to find there at a73e59b69: a
 * backporter looks for what must be gone.
 */
export const notifyRelease = definePart({
  name: "notify-release",
  branches: everyBranch,
  places: placesIn("src/stream_interface.c", "stream_int_notify"),
  commit: fixCommit,
  before: "The end of a stream-interface notification releases the stream's empty buffers and offers them.",
  after: "The end of a stream-interface notification releases nothing.",
  symptom:
    "Every notification takes back empty buffers of both channels and wakes waiters, so who just got a buffer has to ask again.",
  workload:
    "Any traffic: a stream-interface notification that leaves an empty buffer behind, or that comes while somebody waits.",
})
