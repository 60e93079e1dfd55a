import { Effect } from "effect"
import type { HunkNote } from "../reports/diagnose-text.ts"
import type { ReportView } from "../reports/view.ts"
import { viewOf, type ViewedKind } from "../reports/views.ts"
import { parts } from "../semantics/registry.ts"
import { encoded, type DocumentOf } from "./document.ts"
import { version } from "./version.ts"

/** What is known of each part of the fix, for reports: these see no semantics. */
export const notes: ReadonlyMap<string, HunkNote> = new Map(parts.map((part) => [part.name, part]))

/**
 * The view of a document, with what reports can't know by themselves. It is made of the document as it is written, so that a
 * report is the same, byte for byte, when it is rendered from a saved result.
 */
export const viewing = <Kind extends ViewedKind>(
  kind: Kind,
  document: DocumentOf<Kind>,
): Effect.Effect<ReportView> =>
  Effect.map(encoded(kind, document), (whole) => viewOf(kind, whole, { version, notes }))
