import type { Wait } from "../../domain/wait.ts"
import type { UndefinedKind } from "../../replay/machine.ts"
import { many } from "./words.ts"

/** How things stand when a wait ends. */
export interface Standing {
  /** Where the waiter is in the queue, in words. */
  readonly standing: string
  /** The requester is neither queued nor ready nor running. */
  readonly idle: boolean
  readonly wokenSelfRow: number | undefined
  readonly wokenStandInRow: number | undefined
  /** The first release that had a buffer to spare and woke somebody else, or nobody; and how many such there were. */
  readonly spareRow: number | undefined
  readonly spareCount: number
  readonly undefinedKind: UndefinedKind | undefined
  readonly undefinedEntity: string
}

const undefinedWords: Readonly<Record<UndefinedKind, (entity: string) => string>> = {
  "type-confusion": (entity) =>
    `an offer's walk reaches ${entity}, whose list node is taken for a stream's: type confusion, and what follows is undefined`,
  "dangling-waiter": (entity) =>
    `an offer's walk reaches ${entity}, which is freed: what follows is undefined`,
}

/** How a wait ended, and why that is called so: outcomes.md, "A wait". */
export const endText = (wait: Wait, how: Standing): string => {
  const took = `after ${((wait.endTimeUs - wait.beginTimeUs) / 1000).toFixed(3)} ms`
  return `${wait.ending}, ${took}, ${many(wait.wakeCount, "wake")} (${wait.futileWakeCount} futile), ${many(wait.offerCount, "offer")} and ${many(wait.freedCount, "buffer")} freed: ${why(wait, how)}`
}

const why = (wait: Wait, how: Standing): string => {
  const { requester, waiter, ending } = wait
  switch (ending) {
    case "served directly":
      return `an offer${row(how.wokenSelfRow)} woke ${requester} itself, and its next attempt got the buffer`
    case "served indirectly":
      return `an offer${row(how.wokenStandInRow)} woke ${waiter} in its stead, and ${requester} got the buffer when it ran after that`
    case "served otherwise":
      return `no offer has woken ${requester} since its last attempt: something else made it run`
    case "abandoned":
      return `${requester} is freed while it waits`
    case "undefined":
      return how.undefinedKind === undefined
        ? "undefined"
        : undefinedWords[how.undefinedKind](how.undefinedEntity)
    case "pending":
      return `the trace ends here; ${how.standing}, and no offer could have woken one more: the trace does not tell`
    case "starved":
      return `the trace ends here, and ${starved(wait, how)}`
  }
}

const starved = ({ requester, waiter }: Wait, how: Standing): string => {
  const { spareRow, spareCount, wokenStandInRow, idle, standing } = how
  const reasons = [
    ...(wokenStandInRow === undefined || waiter === requester
      ? []
      : [`an offer (row ${wokenStandInRow}) woke ${waiter} in its stead, which did not help it`]),
    ...(spareRow === undefined
      ? []
      : [
          `${many(spareCount, "release")}, the first at row ${spareRow}, had a buffer to spare and passed ${requester} by`,
        ]),
    ...(idle && waiter !== requester
      ? [
          `${requester} itself is in nobody's queue and does not run: no offer, with whatever budget, can reach it; ${standing}`,
        ]
      : []),
  ]
  return reasons.length === 0 ? `an offer could have served ${requester}, and did not` : reasons.join("; ")
}

const row = (at: number | undefined): string => (at === undefined ? "" : ` (row ${at})`)
