import { definePart, everyBranch, fixCommit, placesIn } from "../part.ts"

/** Source: src/stream.c, stream_free. */
export const streamFreeOffers = definePart({
  name: "stream-free-offers",
  branches: everyBranch,
  places: placesIn("src/stream.c", "stream_free"),
  commit: fixCommit,
  before: "A freed stream offers even if it held no buffer.",
  after: "A freed stream offers only if it held at least one buffer.",
  symptom: "The end of a stream that held no buffer wakes waiters for nothing.",
  workload:
    "Streams that end without holding a buffer while somebody waits: clients that connect and go, under an exhausted pool.",
})
