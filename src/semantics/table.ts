import type { Branch, Part, Place } from "./part.ts"
import { parts, partsOf } from "./registry.ts"
import type { PartName } from "./registry.ts"
import { allSemantics } from "./semantics.ts"
import type { Fix, SemanticsName } from "./semantics.ts"

/** A semantics as `wakediff semantics` shows it: without masks, which mean nothing outside a process. */
export interface SemanticsRow {
  readonly name: SemanticsName
  readonly branch: Branch
  readonly fix: Fix
  readonly summary: string
  readonly source: string
  /** The parts that its branch has. */
  readonly parts: ReadonlyArray<PartName>
}

export interface SemanticsView {
  readonly semantics: ReadonlyArray<SemanticsRow>
  readonly parts: ReadonlyArray<Part<PartName>>
}

/** What `wakediff semantics` says, before any format. */
export const semanticsView = (): SemanticsView => ({
  semantics: allSemantics.map(({ name, branch, fix, summary, source }) => ({
    name,
    branch,
    fix,
    summary,
    source,
    parts: partsOf(branch).map((part) => part.name),
  })),
  parts: parts.map(({ name, branches, places, commit, before, after, symptom, workload }) => ({
    name,
    branches: [...branches],
    places: places.map((place) => ({ file: place.file, function: place.function })),
    commit,
    before,
    after,
    symptom,
    workload,
  })),
})

const code = (text: string): string => `\`${text}\``

const cell = (text: string): string => text.replaceAll("|", "\\|")

const table = (header: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n")

/** Places with each file named once: "`src/stream.c` (`stream_free`, `stream_release_buffers`)". */
const placesMarkdown = (places: ReadonlyArray<Place>): string => {
  const functionsByFile = new Map<string, Array<string>>()
  for (const place of places) {
    const functions = functionsByFile.get(place.file)
    if (functions === undefined) functionsByFile.set(place.file, [place.function])
    else functions.push(place.function)
  }
  return [...functionsByFile]
    .map(([file, functions]) => `${code(file)} (${functions.map(code).join(", ")})`)
    .join(", ")
}

/** Two Markdown tables, the semantics and the parts, without the markers and without a final newline. */
export const semanticsMarkdown = (view: SemanticsView = semanticsView()): string =>
  [
    table(
      ["semantics", "what it is", "read from", "parts"],
      view.semantics.map((row) => [code(row.name), row.summary, row.source, String(row.parts.length)]),
    ),
    table(
      ["part", "branches", "where, at a73e59b69", "commit", "before", "after", "when it is missing"],
      view.parts.map((part) => [
        code(part.name),
        part.branches.join(", "),
        placesMarkdown(part.places),
        code(part.commit),
        part.before,
        part.after,
        part.symptom,
      ]),
    ),
  ].join("\n\n")
