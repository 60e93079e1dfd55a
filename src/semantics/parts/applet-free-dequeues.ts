import { definePart, everyBranch, fixCommit, placesIn } from "../part.ts"

/**
 * Source: include/proto/applet.h, appctx_free. Only matters once applet-waiter is after: before it no
 * applet is ever in the wait queue.
 */
export const appletFreeDequeues = definePart({
  name: "applet-free-dequeues",
  branches: everyBranch,
  places: placesIn("include/proto/applet.h", "appctx_free"),
  commit: fixCommit,
  before:
    "A freed applet is not looked for in the wait queue, where no applet is unless applet-waiter is after.",
  after: "A freed applet leaves the wait queue.",
  symptom:
    "An applet that is freed while it waits stays in the wait queue, and the next offer that reaches it reads freed memory.",
  workload:
    "Applets that are freed while they are queued: clients that abort a statistics page under an exhausted pool.",
})
