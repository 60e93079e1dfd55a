import type { EntityKindName } from "./vocabulary.ts"

/** How a wait ended: `outcomes.md`, "A wait"; from good to bad, which is the order of tables. */
export const endings = [
  {
    name: "served directly",
    meaning: "an offer woke the requester itself, and its next attempt got the buffer",
  },
  { name: "served otherwise", meaning: "something else made it run (I/O, a timer), and it got the buffer" },
  { name: "served indirectly", meaning: "an offer woke someone else (its stream), who woke it" },
  { name: "abandoned", meaning: "it was freed while it waited" },
  { name: "pending", meaning: "the trace ended, and no offer could have served it: the trace does not tell" },
  {
    name: "starved",
    meaning: "the trace ended, and an offer that could have woken it passed it by, or woke a stand-in",
  },
  { name: "undefined", meaning: "the replay reached what C does not define first" },
] as const
export type Ending = (typeof endings)[number]["name"]
export const endingNames: ReadonlyArray<Ending> = endings.map(({ name }) => name)

/** How a wait changed from one semantics to the other: `outcomes.md`, "A diff"; worst first. */
export const changes = [
  { name: "regressed", meaning: "served directly before, and now starved, undefined or served indirectly" },
  { name: "appeared", meaning: "waits only under the second semantics" },
  { name: "later", meaning: "ends later" },
  { name: "changed", meaning: "ends at the same row in another way, or with another waiter" },
  { name: "fixed", meaning: "starved, undefined or served indirectly before, and now served directly" },
  { name: "sooner", meaning: "ends sooner" },
  { name: "vanished", meaning: "waits only under the first semantics" },
  { name: "same", meaning: "the same requester, waiter, ending and row" },
] as const
export type Change = (typeof changes)[number]["name"]
export const changeNames: ReadonlyArray<Change> = changes.map(({ name }) => name)

/** What `--fail-on` may name: a kind of change, or something that must not be under the second semantics. */
export const failKinds = [
  ...changes.filter(({ name }) => name !== "same"),
  { name: "starved", meaning: "a wait that starves under the second semantics" },
  { name: "undefined", meaning: "a wait that ends undefined under the second semantics" },
  { name: "herd", meaning: "a wake of the second semantics by an offer that had nothing to give" },
] as const
export type FailKind = (typeof failKinds)[number]["name"]
export const failKindNames: ReadonlyArray<FailKind> = failKinds.map(({ name }) => name)

/** The classes of a wake: `outcomes.md`, "A wake". A wake may be of several, or of none. */
export const wakeClasses = [
  { name: "useful", meaning: "the woken entity's next attempt got the buffer that it waited for" },
  { name: "futile", meaning: "it tried again and failed again" },
  { name: "misdirected", meaning: "the woken entity is not the requester whose wait put it in the queue" },
  { name: "redundant", meaning: "its task was in the run queue already" },
  { name: "herd", meaning: "made by an offer whose avail was negative" },
] as const
export type WakeClass = (typeof wakeClasses)[number]["name"]
export type WakeCounts = { readonly total: number } & { readonly [K in WakeClass]: number }

/** One wait of one replay. Rows are `seq`s of the trace, times microseconds since it began; texts are untrusted. */
export interface Wait {
  /** Who needs the buffer. */
  readonly requester: string
  readonly kind: EntityKindName
  /** Of an applet, as HAProxy prints it; null for the others and where the trace does not tell. */
  readonly appletName: string | null
  /** Which buffer: a stream's channel, or the context's own. */
  readonly buffer: string
  /** Whom the semantics queued for it. */
  readonly waiter: string
  readonly beginRow: number
  readonly beginTimeUs: number
  /** The row that ended it, or the last one of the trace. */
  readonly endRow: number
  readonly endTimeUs: number
  readonly ending: Ending
  /** Wakes by offers that the waiter received, and how many of them led to another failed attempt. */
  readonly wakeCount: number
  readonly futileWakeCount: number
  /** Buffers freed, and offers made to a queue that was not empty, meanwhile. */
  readonly freedCount: number
  readonly offerCount: number
  /** Where the trace does not hold the first attempt: the replay had to invent the run. */
  readonly invented: boolean
}

/** What an explanation of a wait tells of, one kind an event. */
export const explainedKinds = [
  "attempt",
  "leave",
  "wakeup",
  "run",
  "park",
  "freed",
  "take",
  "release",
  "offer",
  "pool",
  "end",
] as const
export type ExplainedKind = (typeof explainedKinds)[number]

/** How many findings the terminal shows when nobody says otherwise. */
export const shownFindings = 5
