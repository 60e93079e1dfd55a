import {
  Event,
  Kind,
  Result,
  Side,
  Site,
  eventNames,
  type EventName,
  type ResultName,
  type SideName,
  type SiteName,
} from "./vocabulary.ts"

/** What a row of one event must look like: `trace-format.md`, "Events". */
export interface RowForm {
  readonly event: EventName
  readonly meaning: string
  /** Kinds of entity that may act; empty: no entity at all. */
  readonly kinds: ReadonlyArray<keyof typeof Kind>
  /** Whether the entity may be missing although a kind is named. */
  readonly entityOptional?: true
  readonly owner?: true
  /** Sites it may name; `"applet name"`: any text; none: the cell is not read. */
  readonly sites?: ReadonlyArray<SiteName> | "applet name"
  readonly sides?: ReadonlyArray<SideName>
  readonly results?: ReadonlyArray<ResultName>
  /** Number columns that must not be empty. */
  readonly numbers?: ReadonlyArray<"margin" | "avail" | "threshold" | "allocated" | "used">
}

/** Releases of both channels at once, and those of a SPOE context, name no side; see {@link releaseForms}. */
const releaseSites = [
  "notify",
  "conn_wake",
  "applet_end",
  "stream_end",
  "stream_free",
  "spoe_release",
  "spoe_timeout",
] as const satisfies ReadonlyArray<SiteName>

/** One form an event; every event of the vocabulary has one. */
export const rowForms: ReadonlyArray<RowForm> = [
  { event: "stream_new", meaning: "a stream is created", kinds: ["stream"] },
  { event: "applet_new", meaning: "an applet is created", kinds: ["applet"], sites: "applet name" },
  { event: "applet_free", meaning: "an applet is freed", kinds: ["applet"], results: ["queued", "idle"] },
  { event: "spoe_new", meaning: "a SPOE context is created", kinds: ["spoeContext"] },
  {
    event: "spoe_free",
    meaning: "a SPOE context is freed",
    kinds: ["spoeContext"],
    results: ["held", "none"],
  },
  {
    event: "task_wakeup",
    meaning: "somebody woke a task",
    kinds: ["stream", "task"],
    sites: ["", "offer"],
    results: ["queued", "already"],
  },
  { event: "task_unlink", meaning: "a task leaves the run queue without running", kinds: ["stream", "task"] },
  { event: "task_run", meaning: "the scheduler runs a task", kinds: ["stream", "task"] },
  {
    event: "task_done",
    meaning: "the task's run ends",
    kinds: ["stream", "task"],
    results: ["kept", "freed"],
  },
  {
    event: "applet_wakeup",
    meaning: "an applet is put on the run list",
    kinds: ["applet"],
    sites: ["", "offer"],
    results: ["queued", "already"],
  },
  {
    event: "applet_pause",
    meaning: "an applet is taken off the run list",
    kinds: ["applet"],
    results: ["queued", "idle"],
  },
  { event: "applet_run", meaning: "the applet loop runs an applet", kinds: ["applet"], owner: true },
  {
    event: "applet_done",
    meaning: "the applet's run ends",
    kinds: ["applet"],
    results: ["parked", "requeued", "idle"],
  },
  {
    event: "alloc",
    meaning: "somebody needs a buffer",
    kinds: ["stream", "applet", "spoeContext"],
    owner: true,
    sites: ["recv", "work", "applet", "lua", "spoe"],
    sides: ["req", "res", "own"],
    results: ["ok", "fail", "held"],
    numbers: ["margin"],
  },
  {
    event: "release",
    meaning: "a place where unused buffers may be released and offered",
    kinds: ["stream", "applet", "spoeContext"],
    owner: true,
    sites: releaseSites,
    sides: ["", "req", "res", "own"],
  },
  {
    event: "pool",
    meaning: "the pool gave memory back",
    kinds: [],
    sites: ["gc", "flush"],
    numbers: ["allocated", "used"],
  },
  {
    event: "enqueue",
    meaning: "a waiter is put at the tail of the wait queue",
    kinds: ["stream", "applet", "spoeContext"],
    sites: ["recv", "work", "applet", "lua", "spoe"],
  },
  {
    event: "dequeue",
    meaning: "a waiter leaves the wait queue unwoken",
    kinds: ["stream", "applet", "spoeContext"],
    sites: ["work", "spoe", "stream_free", "applet_free", "spoe_free"],
  },
  {
    event: "offer",
    meaning: "a non-empty queue is offered buffers",
    kinds: ["stream", "applet", "spoeContext"],
    entityOptional: true,
    numbers: ["avail", "threshold"],
  },
  {
    event: "skip",
    meaning: "a waiter is passed over in that offer",
    kinds: ["stream", "applet", "spoeContext"],
    results: ["self", "running", "busy"],
  },
  { event: "wake", meaning: "a waiter is woken by that offer", kinds: ["stream", "applet", "spoeContext"] },
]

/** Which entity acts, and on which buffer, at each site of an `alloc` or a `release`. */
export interface SiteForm {
  readonly kind: number
  /** Sides it may name. */
  readonly sides: ReadonlyArray<number>
  /** Whether `req` and `res` must be given. */
  readonly states: boolean
}

const channels = [Side.req, Side.res]

/** By site code: the form of an `alloc` there. */
export const allocForms: ReadonlyMap<number, SiteForm> = new Map([
  [Site.recv, { kind: Kind.stream, sides: channels, states: false }],
  [Site.work, { kind: Kind.stream, sides: [Side.res], states: false }],
  [Site.applet, { kind: Kind.applet, sides: channels, states: false }],
  [Site.lua, { kind: Kind.stream, sides: channels, states: false }],
  [Site.spoe, { kind: Kind.spoeContext, sides: [Side.own], states: false }],
])

/** By site code: the form of a `release` there. */
export const releaseForms: ReadonlyMap<number, SiteForm> = new Map([
  [Site.notify, { kind: Kind.stream, sides: [0, ...channels], states: true }],
  [Site.conn_wake, { kind: Kind.stream, sides: channels, states: true }],
  [Site.applet_end, { kind: Kind.applet, sides: channels, states: true }],
  [Site.stream_end, { kind: Kind.stream, sides: [0], states: true }],
  [Site.stream_free, { kind: Kind.stream, sides: [0], states: true }],
  [Site.spoe_release, { kind: Kind.spoeContext, sides: [Side.own, 0], states: false }],
  [Site.spoe_timeout, { kind: Kind.spoeContext, sides: [Side.own, 0], states: false }],
])

/** The forms by event code. */
export const formOf: ReadonlyArray<RowForm> = eventNames.map((name) =>
  rowForms.find(({ event }) => event === name)!,
)

/** Whether a row is an outcome: what the queue did, not what happened to it. */
export const isOutcome = (event: number, site: number): boolean =>
  event >= Event.enqueue ||
  ((event === Event.task_wakeup || event === Event.applet_wakeup) && site === Site.offer)

/** A set of small codes as a bit mask. */
export const maskOf = (codes: ReadonlyArray<number>): number =>
  codes.reduce((mask, code) => mask | (1 << code), 0)

/** The codes of some words, as a bit mask. */
export const resultMask = (names: ReadonlyArray<ResultName>): number =>
  maskOf(names.map((name) => Result[name]))
