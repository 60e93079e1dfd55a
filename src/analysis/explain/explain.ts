import type { ExplainEvent, ExplainRun } from "../../domain/documents.ts"
import type { BadUsage } from "../../domain/errors.ts"
import { preambleValue } from "../../domain/preamble.ts"
import type { Wait } from "../../domain/wait.ts"
import type { Observer } from "../../replay/observer.ts"
import { Projection } from "../../replay/projection.ts"
import { Verifier } from "../../replay/verifier.ts"
import { branchOf, choiceOf, describeChoice, semanticsOf, type Choice } from "../../semantics/semantics.ts"
import { folded } from "./fold.ts"
import { eventOf } from "./group.ts"
import { Parting } from "./part.ts"
import { pick, type Which } from "./pick.ts"
import { Timeline, type Told } from "./timeline.ts"
import { sameWait, waitBook, type NumberedWait, type WaitBook } from "./waits.ts"
import type { Tape } from "../tape.ts"

export type { Which } from "./pick.ts"

export interface ExplainOptions {
  readonly which: Which
  /** Without it: the semantics that made the trace, as far as that can be told. */
  readonly under?: Choice | undefined
  readonly beside?: Choice | undefined
  /** Every event, instead of folds. */
  readonly all?: boolean | undefined
}

/** What `explain` finds; the command that shows it again is the caller's to add. */
export type Explanation = Omit<ExplainRun, "command">

/** Explains one wait of a trace: two replays, one to find it and one to listen. Pure and synchronous. */
export const explain = (tape: Tape, options: ExplainOptions): Explanation | BadUsage => {
  const { choice, reason } = options.under ? { choice: options.under, reason: null } : makerOf(tape)
  const book = waitBook(tape, choice)
  const picked = pick(tape, book, options.which)
  if ("_tag" in picked) return picked
  const other = options.beside && waitBook(tape, options.beside)
  const same = other && sameWait(other, picked)
  const { told, partWays } = listen(tape, [book, picked], other && [other, same])
  const eventsOf = (all: ReadonlyArray<Told>): ReadonlyArray<ExplainEvent> =>
    options.all === true ? all.map(eventOf) : folded(all)
  return {
    trace: tape.head.name,
    rows: tape.rowCount,
    ...sideOf(book),
    reason,
    wait: picked.wait,
    number: picked.number,
    others: othersOf(book, picked),
    events: eventsOf(told[0]!),
    beside: other
      ? {
          ...sideOf(other),
          wait: same?.wait ?? null,
          number: same?.number ?? null,
          others: othersOf(other, same ?? picked),
          events: eventsOf(told[1]!),
        }
      : null,
    partWays,
  }
}

/** The numbers of a requester's waits, but for one. */
const othersOf = ({ waits }: WaitBook, wait: NumberedWait): ReadonlyArray<number> =>
  waits.filter((one) => one.requester === wait.requester && one !== wait).map(({ number }) => number)

const sideOf = ({ choice, departures, waits }: WaitBook) => ({
  under: describeChoice(choice),
  fidelity: departures.inputRowCount === 0 ? 1 : departures.inPlaceRowCount / departures.inputRowCount,
  firstDepartureRow: departures.firstRow,
  waitCount: waits.length,
})

/** The complete semantics of the trace's branch that it conforms to, else the one before the fix. */
const makerOf = ({ head, batches }: Tape): { readonly choice: Choice; readonly reason: string } => {
  const branch = branchOf(preambleValue(head.preamble, "haproxy"))
  const before = choiceOf(branch, semanticsOf(branch, "pre-fix").after)
  for (const choice of [before, choiceOf(branch, semanticsOf(branch, "post-fix").after)]) {
    const verifier = new Verifier(head.preamble, choice.after, head.entities)
    for (const batch of batches) {
      verifier.run(batch)
      if (verifier.firstOther !== undefined) break
    }
    // Where the trace lacks outcome rows altogether, the lack of one says nothing.
    const deviates = verifier.outcomeRowCount > 0 ? verifier.first : verifier.firstOther
    if (deviates === undefined) return { choice, reason: "the trace conforms to it" }
  }
  return { choice: before, reason: "the trace conforms to neither side of the fix; --under names another" }
}

/**
 * Replays the trace under one semantics, or two side by side, and listens. Two are compared from the begin of the wait on, or,
 * where only one of them has it, from the begin of the trace.
 */
const listen = (
  { head, batches }: Tape,
  one: readonly [WaitBook, NumberedWait],
  other: readonly [WaitBook, NumberedWait | undefined] | undefined,
): { readonly told: ReadonlyArray<ReadonlyArray<Told>>; readonly partWays: ExplainRun["partWays"] } => {
  const sides = other === undefined ? [one] : [one, other]
  const parting = other && new Parting(head, [one[0].choice, other[0].choice])
  const wholeTrace = other !== undefined && other[1] === undefined
  const replays = sides.map(([book, target], side) => {
    // The two know each other: the replay tells, and the timeline reads its machine.
    const isInside = (): boolean => wholeTrace || timeline?.isOpen === true
    const observer: Observer = (happening) => {
      // What ends the wait belongs to it, as does what begins it.
      const wasInside = isInside()
      timeline?.observe(happening)
      if (wasInside || isInside()) parting?.push(side === 0 ? 0 : 1, happening, replay.machine)
      else replay.machine.touched = 0
    }
    const ended = (wait: Wait): void => timeline?.ended(wait)
    const replay: Projection = new Projection(head, book.choice.after, ended, head.preamble, observer)
    const told: Array<Told> = []
    const timeline = target && new Timeline(head, replay.machine, target, (event) => told.push(event))
    return { replay, timeline, told }
  })
  for (const batch of batches) {
    for (const { replay } of replays) replay.run(batch)
    parting?.compare(false)
  }
  for (const { replay, timeline } of replays) {
    replay.end()
    timeline?.finish()
  }
  parting?.compare(true)
  return { told: replays.map((replay) => replay.told), partWays: parting?.found ?? null }
}
