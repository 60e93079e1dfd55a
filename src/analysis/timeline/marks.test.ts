import { assert, describe, it } from "@effect/vitest"
import { firstOf, highest, Marks, sameOr, sum } from "./marks.ts"

const merges = { row: firstOf, used: highest, count: sum, by: sameOr(-1) }
const added = (values: ReadonlyArray<readonly [used: number, by: number]>, bound: number) => {
  const marks = new Marks(merges, bound)
  for (const [row, [used, by]] of values.entries()) marks.add({ row, used, by, count: 1 })
  return marks
}

describe("marks", () => {
  it("are all kept up to the bound", () => {
    const { columns, stride } = added(
      [
        [3, 7],
        [1, 7],
        [2, 8],
        [9, 8],
      ],
      4,
    )
    assert.deepStrictEqual(columns, {
      row: [0, 1, 2, 3],
      used: [3, 1, 2, 9],
      by: [7, 7, 8, 8],
      count: [1, 1, 1, 1],
    })
    assert.strictEqual(stride, 1)
  })

  it("are merged pairwise beyond it, the last one as far as it goes", () => {
    const { columns, stride, addedCount, count } = added(
      [
        [3, 7],
        [1, 7],
        [2, 8],
        [9, 7],
        [5, 5],
      ],
      4,
    )
    assert.deepStrictEqual(columns, { row: [0, 2, 4], used: [3, 9, 5], by: [7, -1, 5], count: [2, 2, 1] })
    assert.deepStrictEqual([stride, addedCount, count], [2, 5, 3])
  })

  it.each([2, 4, 6, 64])("lose nothing and stay within a bound of %i", (bound) => {
    for (let length = 0; length < 200; length++) {
      const values = Array.from({ length }, (_, at) => [(at * 37) % 101, at % 3] as const)
      const { columns, stride, count } = added(values, bound)
      assert.isAtMost(count, bound)
      assert.strictEqual(columns.row.length, count)
      for (const [at, row] of columns.row.entries()) {
        const those = values.slice(row, columns.row[at + 1])
        assert.strictEqual(columns.count[at], those.length)
        assert.strictEqual(columns.used[at], Math.max(...those.map(([used]) => used)))
        if (at < count - 1) assert.strictEqual(those.length, stride)
      }
    }
  })
})
