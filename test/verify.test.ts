import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { Verify, type Verification } from "../src/analysis/verify.ts"
import { Verifier } from "../src/replay/verifier.ts"
import { allParts, bitOf } from "../src/semantics/registry.ts"
import { choose, isChoiceFailure } from "../src/semantics/semantics.ts"
import { CsvDecoder } from "../src/traces/csv-decoder.ts"

/** A recording's preamble and header, and its rows. */
const recording = (name: string): readonly [head: ReadonlyArray<string>, rows: ReadonlyArray<string>] => {
  const packed = readFileSync(new URL(`../traces/${name}.csv.gz`, import.meta.url))
  const lines = gunzipSync(packed).toString("utf8").trimEnd().split("\n")
  const header = lines.findIndex((line) => line.startsWith("seq,"))
  return [lines.slice(0, header + 1), lines.slice(header + 1)]
}

const text = (head: ReadonlyArray<string>, rows: ReadonlyArray<string>): string =>
  `${[...head, ...rows].join("\n")}\n`

const batchesOf = (trace: string) => {
  const decoder = new CsvDecoder("trace.csv", { allowTorn: false })
  const batches = decoder.push(Buffer.from(trace))
  return [...batches, ...decoder.end()]
}

const verified = (trace: string, semantics: string, without: ReadonlyArray<string> = []): Verification => {
  const choice = choose(semantics, without)
  if (isChoiceFailure(choice)) throw new Error(choice._tag)
  const verification = new Verify(choice)
  for (const batch of batchesOf(trace)) verification.push(batch)
  return verification.finish()
}

/** Rows without outcomes, counted anew. */
const withoutOutcomes = (rows: ReadonlyArray<string>): ReadonlyArray<string> =>
  rows
    .map((row) => row.split(","))
    .filter((cells) => !/^(enqueue|dequeue|offer|skip|wake)$/.test(cells[2]!) && cells[5] !== "offer")
    .map((cells, seq) => [seq, ...cells.slice(1)].join(","))

describe("a build that lacks spoe-waiter dies at the first offer that reaches a SPOE context", () => {
  const [head, rows] = recording("postfix-spoe-mixed")
  const without = ["spoe-waiter"] as const
  const lacking = batchesOf(text(head, rows)).reduce<Verifier | undefined>((verifier, batch) => {
    const one =
      verifier ?? new Verifier(batch.head.preamble, allParts & ~bitOf["spoe-waiter"], batch.head.entities)
    if (one.undefined === undefined) one.run(batch)
    return one
  }, undefined)
  const died = lacking!.undefined!.row
  const crash = text(head, rows.slice(0, died + 1))

  it("its recording does not conform to the whole fix, and the part is named", () => {
    const result = verified(crash, "1.7-post-fix")
    assert.strictEqual(result.verdict, "deviates")
    assert.strictEqual(result.first?.row, died)
    assert.strictEqual(result.first?.part, "spoe-waiter")
    assert.strictEqual(result.parts["spoe-waiter"], "contradicted")
  })

  it("it conforms to the fix without that part, and says where it died", () => {
    const result = verified(crash, "1.7-post-fix", without)
    assert.strictEqual(result.verdict, "conforms")
    assert.deepStrictEqual([result.undefined?.kind, result.undefined?.row], ["type-confusion", died])
  })

  it("a recording that ends before that row does not say that it died", () => {
    const result = verified(text(head, rows.slice(0, died)), "1.7-post-fix", without)
    assert.strictEqual(result.verdict, "conforms")
    assert.isNull(result.undefined)
  })

  it("a recording that was cut anywhere else conforms", () => {
    for (let cut = died - 12; cut < died + 12; cut++) {
      if (cut === died) continue
      const result = verified(text(head, rows.slice(0, cut + 1)), "1.7-post-fix")
      assert.strictEqual(result.deviationCount, 0, `cut behind row ${cut}: ${JSON.stringify(result.first)}`)
    }
  })

  it("a trace that wakes the SPOE context was not made by it", () => {
    const result = verified(text(head, rows.slice(0, died + 100)), "1.7-post-fix", without)
    assert.strictEqual(result.verdict, "deviates")
    assert.strictEqual(result.first?.part, "spoe-waiter")
  })
})

describe("a trace that allows no verdict is inconclusive", () => {
  it("without outcome rows, though nothing deviates", () => {
    const [head, rows] = recording("postfix-stats-page")
    const result = verified(text(head, withoutOutcomes(rows)), "1.7-post-fix")
    assert.strictEqual(result.verdict, "inconclusive")
    assert.match(result.reason ?? "", /no outcome rows/)
    assert.strictEqual(result.deviationCount, 0)
    assert.deepStrictEqual([...new Set(Object.values(result.parts))], ["not exercised"])
  })

  it("but what else it records can still deviate", () => {
    const [head, rows] = recording("postfix-stats-page")
    const result = verified(text(head, withoutOutcomes(rows)), "1.7-pre-fix")
    assert.strictEqual(result.verdict, "deviates")
    assert.notStrictEqual(result.first?.kind, "missing-outcome")
  })

  it("where it never reached the bug", () => {
    const [head, rows] = recording("postfix-stats-page")
    const result = verified(text(head, rows.slice(0, 6)), "1.7-post-fix")
    assert.strictEqual(result.verdict, "inconclusive")
    assert.match(result.reason ?? "", /never reached the bug/)
  })

  it("where there are no rows at all", () => {
    const [head] = recording("postfix-stats-page")
    assert.strictEqual(verified(text(head, []), "1.7-post-fix").verdict, "inconclusive")
  })
})
