import { describe, expect, it } from "@effect/vitest"
import { parts, partsOf } from "./registry.ts"
import { allSemantics } from "./semantics.ts"
import { semanticsMarkdown, semanticsView } from "./table.ts"

describe("semanticsView", () => {
  it("shows every semantics with its branch's parts, and every part whole", () => {
    const view = semanticsView()
    expect(view.semantics.map((row) => row.name)).toEqual(allSemantics.map((semantics) => semantics.name))
    for (const row of view.semantics) {
      expect(row.parts).toEqual(partsOf(row.branch).map((part) => part.name))
    }
    expect(view.parts).toEqual(parts)
  })

  it("is plain: JSON gives it back", () => {
    const view = semanticsView()
    expect(JSON.parse(JSON.stringify(view))).toEqual(view)
  })
})

describe("semanticsMarkdown", () => {
  const lines = semanticsMarkdown().split("\n")

  it("has a row for each semantics and each part, in the registries' order", () => {
    const named = lines.flatMap((line) => /^\| `([^`]+)` \|/.exec(line)?.[1] ?? [])
    expect(named).toEqual([...allSemantics, ...parts].map((variant) => variant.name))
  })

  it("keeps every row as wide as its header", () => {
    const widths = lines.filter((line) => line !== "").map((line) => line.split(/(?<!\\)\|/).length - 2)
    expect(widths).toEqual([
      ...Array.from({ length: allSemantics.length + 2 }, () => 4),
      ...Array.from({ length: parts.length + 2 }, () => 7),
    ])
  })

  it("names a file once, with its functions", () => {
    expect(semanticsMarkdown()).toContain("`src/stream.c` (`stream_free`, `stream_release_buffers`)")
  })

  it("escapes what would end a cell", () => {
    const view = semanticsView()
    const rows = view.semantics.map((row) => ({ ...row, summary: "one | two" }))
    expect(semanticsMarkdown({ ...view, semantics: rows })).toContain("| one \\| two |")
  })
})
