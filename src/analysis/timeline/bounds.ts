/**
 * How much of one replay a timeline keeps. Every recording of `traces/` stays below all of these, so that its timeline is exact;
 * two lanes that reach all of them make a document of about 6 MB, whatever the trace's length. The first two are even.
 */
export interface Bounds {
  readonly poolPoints: number
  readonly offers: number
  readonly wakes: number
  readonly waits: number
  readonly chains: number
}

export const defaultBounds: Bounds = {
  poolPoints: 32_768,
  offers: 16_384,
  wakes: 16_384,
  waits: 1024,
  chains: 160,
}
