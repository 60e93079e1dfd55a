import { describe, expect, it } from "@effect/vitest"
import { didYouMean, editDistance } from "./did-you-mean.ts"
import { partNames } from "./registry.ts"

describe("editDistance", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["abc", "", 3],
    ["offer", "offer", 0],
    ["offer", "ofer", 1],
    ["kitten", "sitting", 3],
  ] as const)("of %j and %j is %i", (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance)
    expect(editDistance(to, from)).toBe(distance)
  })
})

describe("didYouMean", () => {
  it("knows each name itself, in any case, and with a letter left out", () => {
    for (const name of partNames) {
      expect(didYouMean(name.toUpperCase(), partNames)).toBe(name)
      expect(didYouMean(name.slice(1), partNames)).toBe(name)
    }
  })

  it("takes the nearest, and the first of equals", () => {
    expect(didYouMean("spoe-waitr", partNames)).toBe("spoe-waiter")
    expect(didYouMean("ab", ["ac", "ad"])).toBe("ac")
  })

  it("rather says nothing than something far-fetched", () => {
    expect(didYouMean("", partNames)).toBeUndefined()
    expect(didYouMean("everything", partNames)).toBeUndefined()
    expect(didYouMean("x".repeat(1_000_000), partNames)).toBeUndefined()
  })
})
