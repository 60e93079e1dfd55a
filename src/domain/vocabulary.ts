/**
 * The words of a trace, as `trace-format.md` (version 1) spells them, and their codes.
 *
 * Rows travel as columns of small integers: a code is the word's place in its list here. Nothing else in the
 * project lists these words a second time.
 */

/** Gives each word of a list its index: `codes(["a", "b"])` is `{ a: 0, b: 1 }`. */
const codes = <const Words extends ReadonlyArray<string>>(
  words: Words,
): { readonly [W in Words[number]]: number } =>
  Object.freeze(Object.fromEntries(words.map((word, code) => [word, code]))) as {
    readonly [W in Words[number]]: number
  }

/** Every event of a trace. The last five are outcomes only; the wakeups are outcomes where their site is `offer`. */
export const eventNames = [
  "stream_new",
  "applet_new",
  "applet_free",
  "spoe_new",
  "spoe_free",
  "task_wakeup",
  "task_unlink",
  "task_run",
  "task_done",
  "applet_wakeup",
  "applet_pause",
  "applet_run",
  "applet_done",
  "alloc",
  "release",
  "pool",
  "enqueue",
  "dequeue",
  "offer",
  "skip",
  "wake",
] as const
export type EventName = (typeof eventNames)[number]
export const Event = codes(eventNames)

/** Every place in HAProxy's code that a row may name; code 0 is an empty cell. Applet names follow these codes. */
export const siteNames = [
  "",
  "recv",
  "work",
  "applet",
  "lua",
  "spoe",
  "notify",
  "conn_wake",
  "applet_end",
  "stream_end",
  "stream_free",
  "spoe_release",
  "spoe_timeout",
  "gc",
  "flush",
  "offer",
  "applet_free",
  "spoe_free",
] as const
export type SiteName = (typeof siteNames)[number]
export const Site = codes(siteNames)
/** Site codes from here on are applet names: `code - firstAppletName` is an index into the trace's `appletNames`. */
export const firstAppletName = 32

/** Which buffer: a stream's request or response channel, or a SPOE context's own; code 0 is an empty cell. */
export const sideNames = ["", "req", "res", "own"] as const
export type SideName = (typeof sideNames)[number]
export const Side = codes(sideNames)

/** What a channel's buffer held before a release; code 0 is an empty cell. */
export const bufferStateNames = ["", "none", "empty", "data"] as const
export type BufferStateName = (typeof bufferStateNames)[number]
export const BufferState = codes(bufferStateNames)

/** Every word of the `result` column; code 0 is an empty cell. */
export const resultNames = [
  "",
  "ok",
  "fail",
  "held",
  "queued",
  "already",
  "idle",
  "kept",
  "freed",
  "parked",
  "requeued",
  "none",
  "self",
  "running",
  "busy",
] as const
export type ResultName = (typeof resultNames)[number]
export const Result = codes(resultNames)

/** The kinds of entity, by the letter that begins an id. */
export const entityKinds = [
  { letter: "s", name: "stream" },
  { letter: "t", name: "task" },
  { letter: "a", name: "applet" },
  { letter: "x", name: "SPOE context" },
] as const
export type EntityKindName = (typeof entityKinds)[number]["name"]
export const Kind = { stream: 0, task: 1, applet: 2, spoeContext: 3 } as const

/** The columns of a trace, in the order in which wakediff writes them. */
export const columnNames = [
  "seq",
  "time_us",
  "event",
  "entity",
  "owner",
  "site",
  "side",
  "margin",
  "req",
  "res",
  "result",
  "avail",
  "threshold",
  "allocated",
  "used",
  "task_rq",
  "applet_rq",
] as const
export type ColumnName = (typeof columnNames)[number]

/** Columns whose cells may be empty although they hold a number, and their bit in a batch's `present` column. */
export const Present = {
  margin: 1,
  avail: 2,
  threshold: 4,
  allocated: 8,
  used: 16,
  taskRq: 32,
  appletRq: 64,
} as const
