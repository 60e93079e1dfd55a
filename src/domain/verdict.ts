/** The verdict of a verification: `outcomes.md`, "Verdicts of a verification". */
export const verdicts = ["conforms", "deviates", "inconclusive"] as const
export type Verdict = (typeof verdicts)[number]

/** The verdict of a diagnosis: some choice of the fix's parts explains what was recorded, none does, or either end does. */
export const diagnosedVerdicts = ["explained", "unexplained", "inconclusive"] as const
export type Diagnosed = (typeof diagnosedVerdicts)[number]

/** What a trace says of one part of the fix. */
export const partStatuses = ["confirmed", "contradicted", "not exercised"] as const
export type PartStatus = (typeof partStatuses)[number]

/** The ways in which a trace can depart from what a semantics predicts. */
export const deviationKinds = [
  { name: "missing-outcome", meaning: "the semantics predicts an outcome that the trace lacks" },
  { name: "unexpected-outcome", meaning: "the trace has an outcome that the semantics does not predict" },
  { name: "outcome-differs", meaning: "the same outcome, with another entity, site, reason or number" },
  { name: "alloc-result", meaning: "an allocation got its buffer, or did not, against the prediction" },
  { name: "alloc-margin", meaning: "an allocation asked for another margin" },
  { name: "alloc-site", meaning: "an allocation at a site that does not allocate" },
  { name: "parked", meaning: "an applet was parked, or ran, against the prediction" },
  {
    name: "wakeup-result",
    meaning: "a task or an applet was queued already, or was not, against the prediction",
  },
  { name: "buffer-state", meaning: "a buffer is held, or is not, against the prediction" },
  { name: "counter", meaning: "a counter of the pool or of the run queues differs" },
  { name: "impossible", meaning: "no process could have produced this row" },
] as const
export type DeviationKind = (typeof deviationKinds)[number]["name"]

/** One departure of a trace from a semantics. Texts name entities of the trace: untrusted. */
export interface Deviation {
  /** The `seq` of the row at which it shows. */
  readonly row: number
  /** The line of the file, 1 for the first. */
  readonly line: number
  readonly timeUs: number
  readonly event: string
  readonly entity: string
  readonly kind: DeviationKind
  readonly expected: string
  readonly recorded: string
  /** The part of the fix whose rule predicted it, where there is one. */
  readonly part: string | null
}

/** Where a replay reached what C does not define. */
export interface Undefined {
  readonly row: number
  readonly kind: "type-confusion" | "dangling-waiter"
  readonly entity: string
}
