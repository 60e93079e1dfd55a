/** The sentences of an explanation: pure leaves, from numbers to words. */
import type { ExplainEvent } from "../../domain/documents.ts"
import type { Wait } from "../../domain/wait.ts"

/** A view of an event without its sentence and its place. */
export type Facts = Omit<ExplainEvent, "row" | "timeUs" | "text">

/** `1 task`, `2 tasks`. */
export const many = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`

const ordinals = new Intl.PluralRules("en", { type: "ordinal" })
const suffixes: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" }

/** `2nd of 5`. */
export const place = (position: number, length: number): string =>
  `${position}${suffixes[ordinals.select(position)] ?? "th"} of ${length}`

const shownNames = 8

/** `s1, s2 and s3`; of many, the first few. */
export const list = (names: ReadonlyArray<string>): string => {
  if (names.length > shownNames + 1)
    return `${names.slice(0, shownNames).join(", ")} and ${names.length - shownNames} more`
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`
}

/** `req of s3` as `the request buffer of s3`. */
export const bufferText = (buffer: string): string =>
  buffer === "own"
    ? "its own buffer"
    : buffer.replace(/^req of/, "the request buffer of").replace(/^res of/, "the response buffer of")

/** Who waits for what: `the <SPOE> applet a2 waits for the request buffer of s3`. */
export const whoWaits = ({ requester, kind, appletName, buffer }: Wait): string =>
  `${appletName === null ? kind : `${appletName} applet`} ${requester} waits for ${bufferText(buffer)}`

/** Where it happens, if not where it is recorded. */
export const lateness = (recordedRow: number | null | undefined): string =>
  recordedRow === undefined
    ? ""
    : recordedRow === null
      ? "; the trace has no row for it"
      : `; it is late: recorded at row ${recordedRow}`

/** Why an attempt failed, or did not: the pool's counters before it. */
export const poolText = (facts: Facts): string => {
  const { allocated = 0, used = 0, margin = 0, limit = 0, result } = facts
  const free = allocated - used
  const pool = `${allocated} allocated, ${used} in use, margin ${margin}`
  if (result === "ok")
    return free > margin
      ? `${pool}: ${free} free is more than ${margin}`
      : `${pool}: ${free} free is not more than ${margin}, and the pool grows, for the limit is ${limit === 0 ? "none" : limit}`
  return `${pool}: ${free} free is not more than ${margin}, and the limit is ${limit}`
}

/** An attempt of the requester or of its stand-in. `again`: it waits for that buffer already. */
export const attemptText = (facts: Facts, again: boolean, leaves: boolean): string => {
  const { entity, buffer = "", site, result, waiter, position, queueLength } = facts
  const what = bufferText(buffer)
  const left = leaves
    ? `${entity} leaves the queue, as it must before it takes a buffer here; it `
    : `${entity} `
  if (result === "held") return `${left}holds ${what} already`
  if (result === "ok") return `${left}gets ${what} at ${site}: ${poolText(facts)}`
  if (result !== "fail") return `${left}does not allocate at ${site} under this semantics`
  const who = waiter === entity ? `${entity} itself is` : `${waiter} is`
  const stead = waiter === entity ? "" : " in its stead"
  const queue =
    position === undefined ? `${who} in no queue` : `${who} queued${stead}, ${place(position, queueLength!)}`
  return `${left}fails ${again ? "again " : ""}to get ${what} at ${site}: ${poolText(facts)}; ${queue}`
}

/** What an entity gives back: `gives back its request buffer`. */
const gives = ({ freed = [], site, entity }: Facts): string =>
  freed.length === 0
    ? `${entity} frees nothing at ${site}`
    : `${entity} gives back ${freed.map(bufferText).join(" and ")} at ${site}`

/** A release that is offered to nobody. */
export const releaseText = (facts: Facts): string =>
  `${gives(facts)}: ${facts.usedAfter} of ${facts.allocated} are in use now, and ${facts.queueLength === 0 ? "nobody is in the queue" : "it is not offered"}`

const skipWords: Readonly<Record<string, string>> = {
  self: "it makes the offer",
  running: "it runs",
  busy: "it runs, or is about to",
}

/** `avail = 10 - 9 - 2/2 = 0`, and what it is compared with. */
const budgetText = (facts: Facts, reserve: number): string => {
  const {
    allocated = 0,
    usedAfter = 0,
    avail = 0,
    threshold = 0,
    unsigned,
    readyTasks,
    activeApplets,
  } = facts
  const sum = `avail = ${allocated} - ${usedAfter} - ${reserve}/2 = ${avail}`
  const tasks = many(readyTasks ?? 0, "ready task")
  const ready = threshold === readyTasks ? tasks : `${tasks} + ${many(activeApplets ?? 0, "active applet")}`
  const compared = unsigned === true && avail < 0 ? `${sum}, to C ${avail >>> 0},` : sum
  const more = (unsigned === true ? avail >>> 0 : avail) > threshold ? "is more" : "is not more"
  return `${compared} ${more} than the threshold ${threshold} (${ready})`
}

/** An offer, and whom it reached; `standing`: how the wait's own waiter came off. */
export const offerText = (facts: Facts, reserve: number, standing: string): string => {
  const { freed = [], woken = [], skipped = [], ended, budgetLeft = 0, unsigned, avail = 0 } = facts
  const met = [
    ...(woken.length === 0 ? [] : [`${list(woken)} ${woken.length === 1 ? "is" : "are"} woken`]),
    ...Object.entries(Object.groupBy(skipped, ({ reason }) => reason)).map(
      ([reason, those = []]) =>
        `${list(those.map(({ entity }) => entity))} ${those.length === 1 ? "is" : "are"} skipped: ${skipWords[reason] ?? reason}`,
    ),
  ]
  const end =
    ended === "undefined"
      ? "the walk reaches what C does not define"
      : ended === "budget"
        ? "the budget is spent"
        : unsigned === true && avail < 0
          ? "only the end of the queue ends the walk"
          : `the queue ends, with ${budgetLeft} to spare`
  const outcome = met.length === 0 && ended === "budget" ? ["nobody is woken"] : [...met, end]
  const link = freed.length === 0 ? ", but offers" : " and offers"
  const tail = standing === "" ? "" : `; ${standing}`
  return `${gives(facts)}${link}: ${budgetText(facts, reserve)}: ${outcome.join("; ")}${tail}`
}
