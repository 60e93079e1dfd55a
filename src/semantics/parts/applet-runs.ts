import { definePart, everyBranch, fixCommit, placesIn } from "../part.ts"

/**
 * Source: src/applet.c, applet_run_active. Applets run without a buffer only because the I/O handlers now
 * look for it first, so those checks belong to this hunk. In 1.6 the CLI and statistics handlers are in
 * src/dumpstats.c.
 */
export const appletRuns = definePart({
  name: "applet-runs",
  branches: everyBranch,
  places: [
    ...placesIn("src/applet.c", "applet_run_active"),
    ...placesIn("src/cli.c", "cli_io_handler"),
    ...placesIn("src/flt_spoe.c", "send_spoe_frame", "handle_spoe_applet"),
    ...placesIn("src/peers.c", "peer_io_handler"),
    ...placesIn("src/stats.c", "http_stats_io_handler"),
  ],
  commit: fixCommit,
  before: "An applet whose allocation fails is parked: it leaves the run list and does not run.",
  after: "An applet whose allocation fails is flagged as unable to put, and runs all the same.",
  symptom:
    "A parked applet stays off the run list until somebody wakes it, and work that needs no buffer stops too.",
  workload: "The same as for applet-waiter: an applet whose allocation fails.",
})
