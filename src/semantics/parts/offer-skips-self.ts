import { definePart, everyBranch, fixCommit, placesIn } from "../part.ts"

/** Source: src/buffer.c, __offer_buffer, its test of the waiter's target against from. */
export const offerSkipsSelf = definePart({
  name: "offer-skips-self",
  branches: everyBranch,
  places: placesIn("src/buffer.c", "__offer_buffer"),
  commit: fixCommit,
  before: "An offer does not know who makes it.",
  after: "An offer passes over the entry of the entity that makes it.",
  symptom:
    "Who releases a buffer is woken for its own buffer, takes the budget of the next waiter, and may repeat that without end.",
  workload:
    "A waiter that releases a buffer itself: an applet or a stream that is queued and runs for another reason.",
})
