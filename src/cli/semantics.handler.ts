import { Effect } from "effect"
import type { SemanticsRun } from "../domain/documents.ts"
import { semanticsText } from "../reports/semantics-text.ts"
import { semanticsView } from "../semantics/table.ts"
import { documentOf, printDocument } from "./document.ts"
import { say } from "./say.ts"
import { styleOf, terminalWidth } from "./terminal.ts"

/** The registry as the document has it: every semantics, with its parts in full. */
export const semanticsRuns = (): ReadonlyArray<SemanticsRun> => {
  const { semantics, parts } = semanticsView()
  return semantics.map(({ name, branch, fix, summary, source, parts: names }) => ({
    name,
    branch,
    fix,
    summary,
    source,
    parts: parts.filter((part) => names.includes(part.name)),
  }))
}

export const semanticsCommand = ({ json }: { readonly json: boolean }): Effect.Effect<void> =>
  Effect.suspend(() => {
    const runs = semanticsRuns()
    if (json) return printDocument("semantics", documentOf("semantics", runs, []))
    return say(semanticsText(runs, styleOf(), terminalWidth()))
  })
