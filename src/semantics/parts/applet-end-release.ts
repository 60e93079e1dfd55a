import { definePart, everyBranch, fixCommit, placesIn } from "../part.ts"

/**
 * Source: src/applet.c, applet_run_active, after si_applet_wake_cb. It replaces, for applets, the release
 * that notify-release takes away.
 */
export const appletEndRelease = definePart({
  name: "applet-end-release",
  branches: everyBranch,
  places: [
    ...placesIn("include/proto/channel.h", "channel_release_buffer"),
    ...placesIn("src/applet.c", "applet_run_active"),
  ],
  commit: fixCommit,
  before: "The end of an applet's run releases nothing.",
  after:
    "The end of an applet's run releases the input channel's buffer if it is empty, and offers it as the applet.",
  symptom:
    "An applet that wrote nothing keeps its empty buffer, and waiters wait for a buffer that nobody uses.",
  workload:
    "Applets that leave their input channel empty: SPOE, peers or Lua sockets that take a buffer and write nothing.",
})
