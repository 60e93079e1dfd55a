import { definePart, fixCommit, placesIn } from "../part.ts"

/** Source: src/flt_spoe.c, acquire_spoe_appctx, the margin of its b_alloc_margin. */
export const spoeMargin = definePart({
  name: "spoe-margin",
  branches: ["1.7"],
  places: placesIn("src/flt_spoe.c", "acquire_spoe_appctx"),
  commit: fixCommit,
  before: "A SPOE context allocates its buffer with a margin of 0.",
  after: "A SPOE context allocates its buffer with the reserve as its margin.",
  symptom:
    "SPOE contexts take the buffers kept for responses, and streams wait for the response buffer that would let them end.",
  workload: "Any traffic through a SPOE filter.",
})
