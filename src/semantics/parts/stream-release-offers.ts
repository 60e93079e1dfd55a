import { definePart, everyBranch, fixCommit, placesIn } from "../part.ts"

/**
 * Source: src/stream.c, stream_release_buffers, called at the end of process_stream and, before the fix, of
 * stream_int_notify.
 */
export const streamReleaseOffers = definePart({
  name: "stream-release-offers",
  branches: everyBranch,
  places: placesIn("src/stream.c", "stream_release_buffers"),
  commit: fixCommit,
  before: "A stream release offers even if it freed no buffer.",
  after: "A stream release offers only if it freed at least one buffer.",
  symptom:
    "The end of each stream's processing wakes waiters for nothing: futile wakes, and busy processing without progress.",
  workload: "Streams that end a run without an empty buffer while somebody waits.",
})
