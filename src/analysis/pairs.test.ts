import { assert, describe, it } from "@effect/vitest"
import type { Wait } from "../domain/wait.ts"
import { WaitPairs } from "./pairs.ts"

const wait = (requester: string, beginRow: number, endRow: number): Wait => ({
  requester,
  kind: "stream",
  appletName: null,
  buffer: `res of ${requester}`,
  waiter: requester,
  beginRow,
  beginTimeUs: beginRow,
  endRow,
  endTimeUs: endRow,
  ending: "served directly",
  wakeCount: 1,
  futileWakeCount: 0,
  freedCount: 0,
  offerCount: 0,
  invented: false,
})

/** Pairs as texts, `FROM/TO` by their end rows, as they are handed on. */
const pairing = () => {
  const found: Array<string> = []
  const pairs = new WaitPairs<Wait>((from, to) => found.push(`${from?.endRow ?? "-"}/${to?.endRow ?? "-"}`))
  return { found, pairs }
}

describe("waits of two replays", () => {
  it("match by requester, buffer and the row at which they begin, whichever ends first", () => {
    const { found, pairs } = pairing()
    pairs.ended(wait("s1", 1, 10), 0)
    pairs.ended(wait("s2", 1, 11), 1)
    pairs.ended(wait("s1", 1, 12), 1)
    pairs.ended(wait("s2", 1, 13), 0)
    pairs.ended(wait("s1", 2, 14), 0)
    pairs.finish()
    assert.deepStrictEqual(found, ["10/12", "13/11", "14/-"])
  })

  it("match in their order where one row begins two", () => {
    const { found, pairs } = pairing()
    for (const side of [0, 1] as const) for (const end of [5, 6]) pairs.ended(wait("s1", 1, end), side)
    pairs.finish()
    assert.deepStrictEqual(found, ["5/5", "6/6"])
  })

  it("are not kept for ever: who cannot get a partner any more is handed on, who can waits for it", () => {
    const { found, pairs } = pairing()
    pairs.ended(wait("s1", 1, 10), 0)
    pairs.settle(() => assert.fail("a few are kept without asking"))
    for (let row = 2; row < 5000; row++) pairs.ended(wait("s2", row, row), 1)
    pairs.settle(() => [[], [wait("s1", 1, 0)]])
    assert.strictEqual(found.length, 4998)
    assert.strictEqual(found[0], "-/2")
    pairs.ended(wait("s1", 1, 20), 1)
    assert.strictEqual(found.at(-1), "10/20")
    pairs.finish()
    assert.strictEqual(found.length, 4999)
  })
})
