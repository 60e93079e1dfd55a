import { describe, expect, it } from "@effect/vitest"
import { allParts, bitOf, maskOf, partNames, partsIn, partsOf } from "./registry.ts"
import type { PartName } from "./registry.ts"
import {
  allSemantics,
  branchOf,
  choiceOf,
  choose,
  describeChoice,
  isChoiceFailure,
  opposite,
  semanticsNamed,
  semanticsNames,
  semanticsOf,
  turn,
} from "./semantics.ts"
import type { Choice } from "./semantics.ts"

const chosen = (name: string, without: ReadonlyArray<string> = []): Choice => {
  const result = choose(name, without)
  if (isChoiceFailure(result)) throw new Error(result._tag)
  return result
}

const spoeBits = bitOf["spoe-margin"] | bitOf["spoe-waiter"] | bitOf["spoe-timeout-release"]

describe("the named semantics", () => {
  it("are those of the specification, each name once", () => {
    expect(semanticsNames).toEqual(["1.6-pre-fix", "1.6-post-fix", "1.7-pre-fix", "1.7-post-fix"])
    for (const semantics of allSemantics) {
      expect(semantics.name).toBe(`${semantics.branch}-${semantics.fix}`)
      expect(semanticsNamed(semantics.name)).toBe(semantics)
      expect(semanticsOf(semantics.branch, semantics.fix)).toBe(semantics)
    }
  })

  it("are all parts before, or all after, those that the branch lacks included", () => {
    for (const semantics of allSemantics) {
      expect(semantics.after).toBe(semantics.fix === "post-fix" ? allParts : 0)
    }
  })
})

describe("turn", () => {
  it("twice is not at all, and once touches one part, over all masks and parts", () => {
    for (let mask = 0; mask <= allParts; mask++) {
      for (const name of partNames) {
        const turned = turn(mask, name)
        const wrong = turn(turned, name) !== mask || Math.abs(turned - mask) !== bitOf[name]
        if (wrong) expect.unreachable(`${name} of mask ${mask}`)
      }
    }
  })
})

describe("choose", () => {
  it("turns parts back, in the registry's order, and each once however often it is said", () => {
    const choice = chosen("1.7-post-fix", ["spoe-margin", "notify-release", "spoe-margin"])
    expect(choice.without).toEqual(["notify-release", "spoe-margin"])
    expect(choice.after).toBe(turn(turn(allParts, "notify-release"), "spoe-margin"))
    expect(describeChoice(choice)).toBe("1.7-post-fix without notify-release, spoe-margin")
  })

  it("leaves a semantics alone that nothing is turned in", () => {
    for (const semantics of allSemantics) {
      expect(choose(semantics.name)).toEqual({ semantics, without: [], after: semantics.after })
      expect(describeChoice(chosen(semantics.name))).toBe(semantics.name)
    }
  })

  it("keeps 1.6's SPOE bits on the fix's side", () => {
    expect(chosen("1.6-post-fix", ["lua-alloc"]).after).toBe(turn(allParts, "lua-alloc"))
  })

  it.each(["1.6", "1.7"] as const)(
    "makes %s-post-fix without all of its parts the pre-fix mask",
    (branch) => {
      const all = partsOf(branch).map((part) => part.name)
      expect(chosen(`${branch}-post-fix`, all).after).toBe(semanticsOf(branch, "pre-fix").after)
    },
  )

  it("refuses a semantics that there is not", () => {
    expect(choose("1.7-postfix")).toEqual({
      _tag: "UnknownSemantics",
      name: "1.7-postfix",
      nearest: "1.7-post-fix",
      known: semanticsNames,
    })
    expect(choose("2.0")).toMatchObject({ _tag: "UnknownSemantics", nearest: undefined })
  })

  it("refuses a part that there is not, with the nearest and those of the branch", () => {
    expect(choose("1.6-post-fix", ["lua-alloc", "notify-relase"])).toEqual({
      _tag: "UnknownPart",
      name: "notify-relase",
      nearest: "notify-release",
      known: partsOf("1.6").map((part) => part.name),
    })
    expect(choose("1.7-post-fix", [""])).toMatchObject({ _tag: "UnknownPart", nearest: undefined })
    expect(choose("1.7-post-fix", ["constructor"])).toMatchObject({ _tag: "UnknownPart" })
  })

  it.each(["spoe-margin", "spoe-waiter", "spoe-timeout-release"])("refuses %s in 1.6", (name) => {
    expect(choose("1.6-post-fix", [name])).toEqual({
      _tag: "PartNotInBranch",
      name,
      semantics: "1.6-post-fix",
      branch: "1.6",
      branches: ["1.7"],
    })
  })

  it("refuses to turn a part of a pre-fix semantics", () => {
    expect(choose("1.6-pre-fix", ["offer-budget", "applet-runs", "offer-budget"])).toEqual({
      _tag: "NothingToTurnBack",
      semantics: "1.6-pre-fix",
      without: ["applet-runs", "offer-budget"],
      postFix: "1.6-post-fix",
    })
  })
})

describe("opposite", () => {
  it("of a named semantics is the other side of the fix in its branch", () => {
    for (const { branch, fix, name } of allSemantics) {
      expect(opposite(chosen(name)).semantics).toBe(
        semanticsOf(branch, fix === "pre-fix" ? "post-fix" : "pre-fix"),
      )
    }
  })

  it("turns every part of the branch, and twice is not at all, over all masks", () => {
    for (const branch of ["1.6", "1.7"] as const) {
      const own = maskOf(partsOf(branch).map((part) => part.name))
      for (let mask = 0; mask <= allParts; mask++) {
        const choice = choiceOf(branch, mask)
        const other = opposite(choice)
        const back = opposite(other)
        const wrong =
          ((choice.after ^ other.after) & own) !== own ||
          back.after !== choice.after ||
          back.semantics !== choice.semantics ||
          back.without.join() !== choice.without.join()
        if (wrong) expect.unreachable(`${branch} mask ${mask}`)
      }
    }
  })

  it("keeps the mask of a post-fix semantics that was stripped of all its parts", () => {
    for (const branch of ["1.6", "1.7"] as const) {
      const stripped = chosen(
        `${branch}-post-fix`,
        partsOf(branch).map((part) => part.name),
      )
      expect(opposite(opposite(stripped)).after).toBe(stripped.after)
    }
  })

  it("can be said in the words that choose reads", () => {
    const other = opposite(chosen("1.6-post-fix", ["offer-budget"]))
    expect(partsIn(other.after & ~spoeBits)).toEqual<Array<PartName>>(["offer-budget"])
    expect(choose(other.semantics.name, other.without)).toEqual(other)
  })
})

describe("choiceOf", () => {
  it("is what choose reads back from its words, over all masks", () => {
    for (const branch of ["1.6", "1.7"] as const) {
      for (let mask = 0; mask <= allParts; mask++) {
        const choice = choiceOf(branch, mask)
        const again = choose(choice.semantics.name, choice.without)
        if (isChoiceFailure(again) || again.after !== choice.after)
          expect.unreachable(`${branch} mask ${mask}`)
      }
    }
  })
})

describe("branchOf", () => {
  it.each(["1.6", "1.6.0", "1.6.16", "1.6-dev7", "v1.6.3", "HAProxy 1.6.0", "1.6.0-1.7~bpo1"])(
    "%s is 1.6",
    (key) => {
      expect(branchOf(key)).toBe("1.6")
    },
  )

  it.each([
    undefined,
    "",
    "1.7.0",
    "1.8-dev0",
    "1.60",
    "1.60.1",
    "11.6",
    "2.1.6",
    "1.7-1.6",
    "16",
    "unknown",
  ])("%s is 1.7", (key) => {
    expect(branchOf(key)).toBe("1.7")
  })
})
