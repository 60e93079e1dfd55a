/** A line of HAProxy releases the fix goes to; it decides which parts of the fix exist at all. */
export type Branch = "1.6" | "1.7"

/** A file and a function in HAProxy's tree. */
export interface Place {
  readonly file: string
  readonly function: string
}

/** One part of the fix: an independent choice between what the code did before and after a73e59b69. */
export interface Part<Name extends string = string> {
  readonly name: Name
  /** Branches where the part exists. 1.6 has no SPOE. */
  readonly branches: ReadonlyArray<Branch>
  /** Where a backporter looks for the hunk, in HAProxy's tree at a73e59b69. */
  readonly places: ReadonlyArray<Place>
  /** Commit that brings it: a73e59b69, or 1cbe74cd8 for the applet counter the threshold needs. */
  readonly commit: string
  /** One sentence in the field's words, present tense. */
  readonly before: string
  readonly after: string
  /** What it looks like to a user when this hunk is missing: who waits or is woken wrongly. */
  readonly symptom: string
  /** What a recording must hold to exercise this part. */
  readonly workload: string
}

/** Both branches, for the parts that SPOE has nothing to do with. */
export const everyBranch: ReadonlyArray<Branch> = ["1.6", "1.7"]

/** The fix itself: "BUG/MAJOR: Fix how the list of entities waiting for a buffer is handled". */
export const fixCommit = "a73e59b69"

/** "MINOR: applet: Count number of (active) applets": the prerequisite that the threshold needs. */
export const appletCounterCommit = "1cbe74cd8"

/** Keeps the literal type of `name`, so that the union of names can be derived from the registry. */
export const definePart = <const Name extends string>(part: Part<Name>): Part<Name> => part

/** The functions of one file as places: a part often touches several functions side by side. */
export const placesIn = (file: string, ...functions: ReadonlyArray<string>): ReadonlyArray<Place> =>
  functions.map((name) => ({ file, function: name }))
