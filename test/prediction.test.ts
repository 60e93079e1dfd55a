import { assert, describe, it } from "@effect/vitest"
import { pairs, predict } from "../scripts/prediction.ts"

describe.each(pairs)("$before predicts $after", (pair) => {
  it("wakes within the spread of recordings, and who starves", async () => {
    const { predicted, recorded } = await predict(pair)
    if (pair.wakeSpread !== null) {
      const error = Math.abs(predicted.to.wakes.total - recorded.to.wakes.total)
      assert.isAtMost(error, pair.wakeSpread)
    }
    assert.strictEqual(predicted.waits.to.starved, recorded.waits.to.starved)
    assert.strictEqual(predicted.waits.to.undefined, recorded.waits.to.undefined)
  })
})
