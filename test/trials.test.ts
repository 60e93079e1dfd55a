/** What the parts of a verification cost: rows replayed by all trials together, beside the one replay of the base. */
import { expect, it } from "@effect/vitest"
import { Trials } from "../src/analysis/trials.ts"
import type { RowBatch } from "../src/domain/batch.ts"
import { Verifier } from "../src/replay/verifier.ts"
import { choose, isChoiceFailure, opposite } from "../src/semantics/semantics.ts"
import { decode, recordings } from "./support/replaying.ts"

/** Of some seventeen, so many replays of a recording at most. A batch counts whole, wherever in it a trial deviates. */
const mostReplays = 4

class CountingVerifier extends Verifier {
  readonly counter: { rows: number }
  constructor(counter: { rows: number }, ...given: ConstructorParameters<typeof Verifier>) {
    super(...given)
    this.counter = counter
  }
  override run(batch: RowBatch, stopAtFirst = false): void {
    this.counter.rows += batch.rowCount
    super.run(batch, stopAtFirst)
  }
}

it.each(recordings)("$name costs a few replays, either way", ({ after, bytes }) => {
  const named = choose("1.7-post-fix", [])
  if (isChoiceFailure(named)) throw new Error(named._tag)
  const own = { ...named, after }
  const batches = [...decode(bytes())]
  const { preamble, entities } = batches[0]!.head
  for (const choice of [own, opposite(own)]) {
    const counter = { rows: 0 }
    const base = new Verifier(preamble, choice.after, entities)
    const trials = new Trials(choice, (mask) => new CountingVerifier(counter, preamble, mask, entities))
    for (const batch of batches) trials.run(base, batch)
    expect(counter.rows).toBeGreaterThan(0)
    expect(counter.rows).toBeLessThan(mostReplays * base.rowCount)
  }
})
