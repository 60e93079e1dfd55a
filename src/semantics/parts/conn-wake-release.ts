import { definePart, everyBranch, fixCommit, placesIn } from "../part.ts"

/**
 * Source: src/stream_interface.c, si_conn_wake_cb, right after its stream_int_notify. It replaces, for
 * connections, the release that notify-release takes away.
 */
export const connWakeRelease = definePart({
  name: "conn-wake-release",
  branches: everyBranch,
  places: [
    ...placesIn("include/proto/channel.h", "channel_release_buffer"),
    ...placesIn("src/stream_interface.c", "si_conn_wake_cb"),
  ],
  commit: fixCommit,
  before: "The end of a connection's wake callback releases nothing.",
  after:
    "The end of a connection's wake callback releases the input channel's buffer if it is empty, and offers it as the stream.",
  symptom:
    "A connection keeps an empty input buffer until its stream is processed, and waiters wait for a buffer that nobody uses.",
  workload:
    "Any traffic whose connections read nothing, or whose data is forwarded at once, so that the channel is empty after the callback.",
})
