import { didYouMean } from "./did-you-mean.ts"
import type { Branch } from "./part.ts"
import { allParts, bitOf, isPartName, maskOf, partNamed, partNames, partsIn, partsOf } from "./registry.ts"
import type { PartName } from "./registry.ts"

export type Fix = "pre-fix" | "post-fix"

/** A named semantics: all parts of the fix before, or all after, in one branch. */
export interface Semantics<Name extends string = SemanticsName> {
  readonly name: Name
  readonly branch: Branch
  readonly fix: Fix
  /** Bit mask of the parts that are after; see `bitOf`. */
  readonly after: number
  readonly summary: string
  /** The tags and commits of HAProxy that it was read from. */
  readonly source: string
}

/*
 * The SPOE parts do not exist in 1.6, so no list of 1.6's parts names them, and none can be turned there.
 * Their bits still need a value, for the mask is what a replay reads: they follow the fix's side, so that a
 * trace with SPOE rows that claims to be 1.6 means under 1.6 what it means under 1.7.
 */
const define = <const Name extends string>(
  name: Name,
  branch: Branch,
  fix: Fix,
  summary: string,
  source: string,
): Semantics<Name> => ({ name, branch, fix, after: fix === "post-fix" ? allParts : 0, summary, source })

const backportTo = (tag: string): string => `${tag} with 34c5cc98d, 1cbe74cd8, 9d810cae1, a73e59b69`

export const allSemantics = [
  define("1.6-pre-fix", "1.6", "pre-fix", "1.6 without the fix", "v1.6.0"),
  define("1.6-post-fix", "1.6", "post-fix", "1.6 with the fix", backportTo("v1.6.0")),
  define("1.7-pre-fix", "1.7", "pre-fix", "1.7 and 1.8-dev without the fix", "v1.7.0; a73e59b69^"),
  define(
    "1.7-post-fix",
    "1.7",
    "post-fix",
    "1.7 and 1.8-dev with the fix",
    `a73e59b69; ${backportTo("v1.7.0")}`,
  ),
] as const

export type SemanticsName = (typeof allSemantics)[number]["name"]

export const semanticsNames: ReadonlyArray<SemanticsName> = allSemantics.map((semantics) => semantics.name)

export const semanticsNamed = (name: string): Semantics | undefined =>
  allSemantics.find((semantics) => semantics.name === name)

/** The semantics of a branch on one side of the fix. */
export const semanticsOf = (branch: Branch, fix: Fix): Semantics => {
  const found = allSemantics.find((semantics) => semantics.branch === branch && semantics.fix === fix)
  if (found === undefined) throw new Error(`no semantics for ${branch} ${fix}: the registry is incomplete`)
  return found
}

/** A semantics with some of its parts turned back: what a trace is replayed under. */
export interface Choice {
  readonly semantics: Semantics
  /** In registry order, each once. */
  readonly without: ReadonlyArray<PartName>
  /** Bit mask of the parts that are after, `without` taken into account. */
  readonly after: number
}

export interface UnknownSemantics {
  readonly _tag: "UnknownSemantics"
  readonly name: string
  readonly nearest: SemanticsName | undefined
  readonly known: ReadonlyArray<SemanticsName>
}

export interface UnknownPart {
  readonly _tag: "UnknownPart"
  readonly name: string
  readonly nearest: PartName | undefined
  readonly known: ReadonlyArray<PartName>
}

/** The part exists, but not in the branch of the semantics. */
export interface PartNotInBranch {
  readonly _tag: "PartNotInBranch"
  readonly name: PartName
  readonly semantics: SemanticsName
  readonly branch: Branch
  readonly branches: ReadonlyArray<Branch>
}

/** Every part of a pre-fix semantics is before already: there is nothing to turn back. */
export interface NothingToTurnBack {
  readonly _tag: "NothingToTurnBack"
  readonly semantics: SemanticsName
  readonly without: ReadonlyArray<PartName>
  /** The semantics of the same branch that has the parts. */
  readonly postFix: SemanticsName
}

export type ChoiceFailure = UnknownSemantics | UnknownPart | PartNotInBranch | NothingToTurnBack

export const isChoiceFailure = (result: Choice | ChoiceFailure): result is ChoiceFailure => "_tag" in result

/** One part turned the other way. An involution: turning a part twice is turning it not at all. */
export const turn = (mask: number, part: PartName): number => mask ^ bitOf[part]

const branchMask = (branch: Branch): number => maskOf(partsOf(branch).map((part) => part.name))

/**
 * The mask of a branch from the bits of its own parts. The parts that it lacks are after unless nothing is:
 * a post-fix semantics without any of its parts is the pre-fix semantics, and reads the same mask.
 */
const withAbsentParts = (branch: Branch, bits: number): number => {
  const existing = branchMask(branch)
  const own = bits & existing
  return own === 0 ? 0 : own | (allParts & ~existing)
}

const withoutParts = (semantics: Semantics, without: ReadonlyArray<PartName>): Choice => {
  const turned = maskOf(without)
  return {
    semantics,
    without: partsIn(turned),
    after: withAbsentParts(semantics.branch, semantics.after & ~turned),
  }
}

/**
 * The choice that a user's words name, or the first thing wrong with them, as a value. Words are idempotent,
 * unlike `turn`: `--without` twice for one part is once.
 */
export const choose = (semanticsName: string, without: Iterable<string> = []): Choice | ChoiceFailure => {
  const semantics = semanticsNamed(semanticsName)
  if (semantics === undefined) {
    const nearest = didYouMean(semanticsName, semanticsNames)
    return { _tag: "UnknownSemantics", name: semanticsName, nearest, known: semanticsNames }
  }
  const named: Array<PartName> = []
  for (const name of without) {
    const failure = refusalOf(semantics, name)
    if (failure !== undefined) return failure
    if (isPartName(name)) named.push(name)
  }
  if (semantics.fix === "pre-fix" && named.length > 0) {
    const postFix = semanticsOf(semantics.branch, "post-fix").name
    return { _tag: "NothingToTurnBack", semantics: semantics.name, without: partsIn(maskOf(named)), postFix }
  }
  return withoutParts(semantics, named)
}

const refusalOf = (semantics: Semantics, name: string): UnknownPart | PartNotInBranch | undefined => {
  const part = partNamed(name)
  if (part === undefined) {
    const known = partsOf(semantics.branch).map((existing) => existing.name)
    // A guess may be any part: a mistyped SPOE part under 1.6 deserves the answer that it is not there.
    return { _tag: "UnknownPart", name, nearest: didYouMean(name, partNames), known }
  }
  if (part.branches.includes(semantics.branch)) return undefined
  return {
    _tag: "PartNotInBranch",
    name: part.name,
    semantics: semantics.name,
    branch: semantics.branch,
    branches: part.branches,
  }
}

/** The choice that a mask is in a branch, in the fewest words. Bits of parts that it lacks are ignored. */
export const choiceOf = (branch: Branch, mask: number): Choice => {
  const after = withAbsentParts(branch, mask)
  if (after === 0) return { semantics: semanticsOf(branch, "pre-fix"), without: [], after }
  const semantics = semanticsOf(branch, "post-fix")
  return { semantics, without: partsIn(branchMask(branch) & ~after), after }
}

/** Every part of the branch turned the other way. The mask of the opposite's opposite is the choice's own. */
export const opposite = (choice: Choice): Choice =>
  choiceOf(choice.semantics.branch, choice.after ^ branchMask(choice.semantics.branch))

/** A choice in words, as in "1.7-post-fix without notify-release, spoe-margin". */
export const describeChoice = (choice: Choice): string =>
  choice.without.length === 0
    ? choice.semantics.name
    : `${choice.semantics.name} without ${choice.without.join(", ")}`

/**
 * The branch that a trace's `haproxy` key names: "1.6" for 1.6 and its releases, else "1.7", which 1.8-dev
 * before and after the fix behaves like. The first version number counts, so that 1.60 and 11.6 are not 1.6.
 */
export const branchOf = (haproxyKey: string | undefined): Branch => {
  const version = /(\d+)\.(\d+)/.exec(haproxyKey ?? "")
  return version?.[1] === "1" && version[2] === "6" ? "1.6" : "1.7"
}
