import type { HunkNote } from "../diagnose-text.ts"

/** What is known of each part of the fix, by its name: the semantics' registry has it. */
export type Notes = ReadonlyMap<string, HunkNote>
