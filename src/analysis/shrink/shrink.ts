import { inert } from "../../domain/text.ts"
import type { Choice } from "../../semantics/semantics.ts"
import type { Tape } from "../tape.ts"
import { Candidates, type Task, type Work } from "./candidates.ts"
import type { Lens } from "./judge.ts"
import { isFailedPlan, planOf, type Plan, type ShrinkFailure, type ShrinkRequest } from "./plan.ts"
import { findingText, type Finding } from "./question.ts"
import { renumbered, sameTape, withNote } from "./renumber.ts"
import { compareSettings } from "./settings.ts"
import { Shrinker, targetFor, waysFor, type Way } from "./shrinker.ts"

export type { ShrinkFailure, ShrinkRequest } from "./plan.ts"

export const isShrinkFailure = (result: Shrunk | ShrinkFailure): result is ShrinkFailure => "_tag" in result

/** How large a trace is. */
export interface Size {
  readonly rowCount: number
  readonly entityCount: number
}

export interface Shrunk {
  readonly tape: Tape
  readonly before: Size
  readonly after: Size
  /** The finding as the smaller trace shows it: its ids are new. */
  readonly finding: Finding
  readonly lens: Lens
  /** The semantics that the smaller trace conforms to. */
  readonly maker: Choice
  /** Whether the trace given conforms to it; if not, its input rows were made anew all the same. */
  readonly makerIsKnown: boolean
  readonly work: Work
}

/** A trace that one way of shrinking changes no more. */
interface Settled {
  readonly tape: Tape
  readonly finding: Finding
  readonly plan: Plan
}

/**
 * Shrinks a trace to a smallest one that still shows a finding. Yields between tries. There are several ways to go about it
 * ({@link Way}), and each may end in another corner: the smallest of what they find is then shrunk in all ways in turn until
 * none changes it any more, so that shrinking the result changes nothing either.
 */
export function* shrinking(
  trace: Tape,
  request: ShrinkRequest,
  work: Work,
): Generator<void, Shrunk | ShrinkFailure> {
  const begun = planOf(trace, request)
  yield
  if (isFailedPlan(begun)) return begun
  const ways = waysFor(begun.target)
  let best: Settled | undefined
  for (const way of ways) {
    const found = yield* settle({ tape: trace, finding: request.finding, plan: begun }, request, way, work)
    if (found === undefined) return { _tag: "NoMaker", finding: request.finding, under: begun.lens.under }
    if (best === undefined || isSmaller(found.tape, best.tape)) best = found
  }
  for (let unchanged = 0, at = 0; unchanged < ways.length; at = (at + 1) % ways.length) {
    const before: Settled = best!
    best = (yield* settle(before, request, ways[at]!, work)) ?? before
    unchanged = sameTape(before.tape, best.tape) ? unchanged + 1 : 1
  }
  const { tape, finding, plan } = best!
  return {
    tape: withNote(tape, shortName(trace.head.name), findingText(finding)),
    before: sizeOf(trace),
    after: sizeOf(tape),
    finding,
    lens: plan.lens,
    maker: plan.makerChoice,
    makerIsKnown: begun.makerIsKnown,
    work,
  }
}

/** Shrinks in one way, and what came of it again, until it changes no more; undefined where it cannot begin. */
function* settle(
  from: Settled,
  request: ShrinkRequest,
  way: Way,
  work: Work,
): Generator<void, Settled | undefined> {
  let current = from
  for (let round = 0; ; round++) {
    const candidates = new Candidates(current.tape, taskFor(way, current.plan), work)
    if (candidates.whole === undefined) return undefined
    const shrinker = new Shrinker(candidates, candidates.whole, way)
    yield* shrinker.run()
    const { tape, idOf } = renumbered(shrinker.trace)
    const finding = renamed(current.finding, idOf)
    const plan = planOf(tape, { ...request, finding })
    yield
    // A smaller trace shows the finding, or it would not have been taken over.
    if (isFailedPlan(plan)) throw new Error(`a trace that shrank lost ${findingText(finding)}: ${plan._tag}`)
    const next = { tape, finding, plan }
    if (round > 0 && sameTape(current.tape, tape)) return next
    current = next
  }
}

const taskFor = (way: Way, plan: Plan): Task => ({ ...plan, target: targetFor(way, plan.target) })

const isSmaller = (one: Tape, other: Tape): boolean =>
  one.rowCount !== other.rowCount
    ? one.rowCount < other.rowCount
    : compareSettings(one.head.preamble, other.head.preamble) < 0

/** The finding by the ids that a smaller trace has. */
const renamed = (finding: Finding, idOf: ReadonlyMap<string, string>): Finding =>
  finding._tag === "ending" && finding.requester !== undefined
    ? { ...finding, requester: idOf.get(finding.requester) }
    : finding

/** The same at once. */
export const shrink = (
  trace: Tape,
  request: ShrinkRequest,
  work: Work = { rows: 0, tries: 0 },
): Shrunk | ShrinkFailure => {
  const run = shrinking(trace, request, work)
  for (;;) {
    const { done, value } = run.next()
    if (done === true) return value
  }
}

/** The file's own name, in one line: where it lies differs from machine to machine. */
const shortName = (name: string): string =>
  name === "-" ? "standard input" : inert(name.split(/[\\/]/).at(-1) ?? name).trim()

const sizeOf = ({ head, rowCount }: Tape): Size => ({ rowCount, entityCount: head.entities.count })
