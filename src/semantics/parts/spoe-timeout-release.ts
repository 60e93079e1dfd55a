import { definePart, fixCommit, placesIn } from "../part.ts"

/** Source: src/flt_spoe.c, spoe_check_timeouts. */
export const spoeTimeoutRelease = definePart({
  name: "spoe-timeout-release",
  branches: ["1.7"],
  places: placesIn("src/flt_spoe.c", "spoe_check_timeouts"),
  commit: fixCommit,
  before: "The timeout of a SPOE context's processing releases nothing.",
  after: "The timeout of a SPOE context's processing frees the context's buffer and offers it.",
  symptom:
    "A SPOE context that timed out keeps its buffer until its stream processes the event, and others wait for that buffer meanwhile.",
  workload: "A SPOE agent slower than the filter's processing timeout.",
})
