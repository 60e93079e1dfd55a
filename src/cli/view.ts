import type { HunkNote } from "../reports/diagnose-text.ts"
import type { ReportView } from "../reports/view.ts"
import { viewOf, type ViewedKind } from "../reports/views.ts"
import { parts } from "../semantics/registry.ts"
import type { DocumentOf } from "./document.ts"
import { version } from "./version.ts"

/** What is known of each part of the fix, for reports: these see no semantics. */
export const notes: ReadonlyMap<string, HunkNote> = new Map(parts.map((part) => [part.name, part]))

/** The view of a document, with what reports can't know by themselves. */
export const viewing =
  <Kind extends ViewedKind>(kind: Kind) =>
  (document: DocumentOf<Kind>, encoded: unknown): ReportView =>
    viewOf(kind, document, { version, notes, encoded })
