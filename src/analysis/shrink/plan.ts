import { preambleValue } from "../../domain/preamble.ts"
import type { Branch } from "../../semantics/part.ts"
import { maskOf, type PartName } from "../../semantics/registry.ts"
import { branchOf, choiceOf, semanticsOf, type Choice } from "../../semantics/semantics.ts"
import type { Tape } from "../tape.ts"
import type { Task } from "./candidates.ts"
import {
  firstDeviation,
  lacksOutcomes,
  requestersWith,
  staysWith,
  targetOf,
  whatItShows,
  type Lens,
} from "./judge.ts"
import { conformsTo, likelyMakers, makersNear } from "./maker.ts"
import type { Finding } from "./question.ts"
import { scriptOf } from "./script.ts"

export interface ShrinkRequest {
  readonly finding: Finding
  /** Under which semantics the trace shows it; without it, what made the trace, and of a deviation, the branch's fix. */
  readonly under?: Choice | undefined
  /** Of a difference: the second semantics; without it, the branch's fix. */
  readonly beside?: Choice | undefined
  /** Parts to turn back in the branch's fix where the semantics that has them is not given. */
  readonly without?: ReadonlyArray<PartName> | undefined
}

/** Why a trace cannot be shrunk. Texts of the trace are untrusted. */
export type ShrinkFailure =
  | {
      readonly _tag: "NotShown"
      readonly finding: Finding
      readonly under: Choice
      readonly beside: Choice | undefined
      readonly shown: ReadonlyArray<string>
      /** Who does wait so, where a requester was named who does not. */
      readonly requesters: ReadonlyArray<string>
    }
  | { readonly _tag: "NoOutcomes"; readonly finding: Finding }
  /** Nothing that was tried made the trace, and made anew by the rules of `under` it loses the finding. */
  | { readonly _tag: "NoMaker"; readonly finding: Finding; readonly under: Choice }

/** What one look at a trace says of how to shrink it. */
export interface Plan extends Task {
  readonly makerChoice: Choice
  readonly makerIsKnown: boolean
}

export const isFailedPlan = (plan: Plan | ShrinkFailure): plan is ShrinkFailure => "_tag" in plan

/** How to shrink a trace; or why it cannot be. */
export const planOf = (trace: Tape, given: ShrinkRequest): Plan | ShrinkFailure => {
  const branch =
    (given.under ?? given.beside)?.semantics.branch ?? branchOf(preambleValue(trace.head.preamble, "haproxy"))
  const request = withParts(given, branch)
  return request.finding._tag === "deviation"
    ? planDeviation(trace, request, branch)
    : planOthers(trace, request, branch)
}

const fix = (branch: Branch, side: "pre-fix" | "post-fix"): Choice =>
  choiceOf(branch, semanticsOf(branch, side).after)

/** The request with the semantics that `without` speaks of: of a difference the second, else the one that shows it. */
const withParts = (request: ShrinkRequest, branch: Branch): ShrinkRequest => {
  const { finding, without = [] } = request
  if (without.length === 0) return request
  const turned = choiceOf(branch, fix(branch, "post-fix").after & ~maskOf(without))
  return finding._tag === "difference"
    ? { ...request, beside: request.beside ?? turned }
    : { ...request, under: request.under ?? turned }
}

const planOthers = (trace: Tape, request: ShrinkRequest, branch: Branch): Plan | ShrinkFailure => {
  const { finding } = request
  const { hasOutcomes } = scriptOf(trace)
  const candidates = likelyMakers(branch)
  // What the user names is the maker where it can be: nobody has to guess then.
  const asked = finding._tag === "difference" ? undefined : request.under
  const isAsked = asked !== undefined && conformsTo(trace, asked.after, hasOutcomes)
  const found = isAsked ? -1 : candidates.findIndex(({ after }) => conformsTo(trace, after, hasOutcomes))
  const maker = isAsked ? asked : candidates[found]
  const isDifference = finding._tag === "difference"
  const under = request.under ?? (isDifference || maker === undefined ? fix(branch, "pre-fix") : maker)
  const beside = isDifference ? (request.beside ?? fix(branch, "post-fix")) : undefined
  const making = maker ?? under
  // A process that no recording is like may have made a trace that a projection leaves even under its own semantics.
  const open: Lens = { under, beside, faithful: false }
  const faithful = maker?.after === under.after && staysWith(trace, under)
  const lens: Lens = { ...open, faithful }
  const target = targetOf(trace, finding, open)
  if (target === undefined) return notShown(trace, finding, open)
  return {
    target,
    lens,
    maker: making.after,
    others: isAsked ? [] : candidates.slice(0, Math.max(0, found)).map(({ after }) => after),
    makerChoice: making,
    makerIsKnown: maker !== undefined,
    deviation: undefined,
  }
}

/** A deviation is shown by a trace that something else made: what differs least from the semantics in question. */
const planDeviation = (trace: Tape, request: ShrinkRequest, branch: Branch): Plan | ShrinkFailure => {
  const { finding } = request
  const under = request.under ?? fix(branch, "post-fix")
  if (lacksOutcomes(trace, under)) return { _tag: "NoOutcomes", finding }
  const lens: Lens = { under, beside: undefined, faithful: false }
  const target = targetOf(trace, finding, lens)
  if (target === undefined) return notShown(trace, finding, lens)
  const maker = makersNear(under).find(({ after }) => conformsTo(trace, after, true))
  return {
    target,
    lens,
    maker: (maker ?? under).after,
    others: [],
    makerChoice: maker ?? under,
    makerIsKnown: maker !== undefined,
    // Up to its first deviation the trace is what the semantics in question makes.
    deviation: maker === undefined ? firstDeviation(trace, under.after) : undefined,
  }
}

const notShown = (trace: Tape, finding: Finding, lens: Lens): ShrinkFailure => ({
  _tag: "NotShown",
  finding,
  under: lens.under,
  beside: lens.beside,
  shown: whatItShows(trace, lens),
  requesters:
    finding._tag === "ending" && finding.requester !== undefined
      ? requestersWith(trace, finding.ending, lens)
      : [],
})
