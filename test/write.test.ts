import { describe, expect, it } from "@effect/vitest"
import { writeBatch, writeHead } from "../src/traces/write.ts"
import { generate, generateText } from "./support/generate.ts"
import { decode, recordings } from "./support/replaying.ts"

const rewritten = (bytes: Uint8Array): Buffer => {
  const texts: Array<string> = []
  for (const batch of decode(bytes)) {
    if (texts.length === 0) texts.push(writeHead(batch.head.preamble))
    texts.push(writeBatch(batch))
  }
  return Buffer.from(texts.join(""))
}

describe("a canonical trace that is read and written", () => {
  it.each(recordings)("$name is the same bytes", ({ bytes }) => {
    const original = bytes()
    // Not toEqual, whose report of a difference in megabytes is of no use.
    expect(rewritten(original).equals(original)).toBe(true)
  })

  it("quotes what needs quotes, and nothing else", () => {
    const appletNames = ['odd, "quoted"', "<STATS>", "two\nlines"]
    const options = { seed: 1, after: 0, rowCount: 400, appletPercent: 100, appletNames }
    const text = [...generateText(options)].join("")
    expect(text).toContain(',"odd, ""quoted""",')
    expect(text).toContain(",<STATS>,")
    expect(text).toContain(',"two\nlines",')
    expect(rewritten(Buffer.from(text)).toString()).toBe(text)
  })

  it("writes cells that are absent as empty cells", () => {
    const { batches } = generate({ seed: 1, after: 0, rowCount: 10 })
    for (const batch of batches) {
      batch.present.fill(0)
      for (const line of writeBatch(batch).trimEnd().split("\n")) expect(line).toMatch(/,,,,,,$/)
    }
  })
})
