import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import { NONE } from "../src/domain/entity.ts"
import { allParts, partNames, parts, bitOf } from "../src/semantics/registry.ts"
import { turn } from "../src/semantics/semantics.ts"
import { generate, generateText, type GeneratorOptions } from "./support/generate.ts"
import { Random } from "./support/random.ts"
import { decode, part, recordings, saidBy, verifierOf, verifyBatches } from "./support/replaying.ts"

/** A failure prints the smallest seed and mask that it was found with: `generate({ seed, after, … })` makes the trace again. */
const seed = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffff_ffff }))
const after = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: allParts }))
const inputs = { seed, after }
const rowCount = 600

const bytesOf = (options: GeneratorOptions): Uint8Array => Buffer.from([...generateText(options)].join(""))

const verifyGenerated = (options: GeneratorOptions, mask: number) =>
  verifyBatches(generate(options).batches, mask)

describe("a trace that a semantics generates", () => {
  it.prop(
    "conforms to it",
    inputs,
    ({ seed: value, after: mask }) => {
      const said = verifyGenerated({ seed: value, after: mask, rowCount }, mask)
      expect(said).toMatchObject({ deviationCount: 0, awaitedCount: 0, unjudgedRowCount: 0 })
    },
    { arbitrary: { runs: 500 } },
  )

  it.each(parts.map(({ name }) => name))(
    "conforms to it where only %s is after, or only it is before",
    (name) => {
      for (const mask of [bitOf[name], allParts & ~bitOf[name]]) {
        for (let value = 0; value < 20; value++) {
          const said = verifyGenerated({ seed: value, after: mask, rowCount }, mask)
          expect(said, `seed ${value}, mask ${mask}`).toMatchObject({ deviationCount: 0, awaitedCount: 0 })
        }
      }
    },
  )

  it.prop(
    "is the same trace again, as text and read back",
    inputs,
    ({ seed: value, after: mask }) => {
      const options = { seed: value, after: mask, rowCount }
      const bytes = bytesOf(options)
      expect(bytes).toEqual(bytesOf(options))
      expect(verifyBatches(decode(bytes), mask)).toEqual(verifyGenerated(options, mask))
    },
    { arbitrary: { runs: 60 } },
  )
})

describe("a replay", () => {
  it.prop(
    "does not depend on how the bytes come",
    inputs,
    ({ seed: value, after: mask }) => {
      const random = new Random(value)
      const bytes = bytesOf({ seed: value, after: mask, rowCount: 300 })
      // Under a semantics that is not the trace's, so that deviations are compared too.
      const other = (mask ^ random.below(allParts + 1)) & allParts
      for (const replayed of [mask, other]) {
        const whole = verifyBatches(decode(bytes, bytes.length), replayed)
        for (const blockLength of [1, 61, 4096, () => 1 + random.below(300)]) {
          expect(verifyBatches(decode(bytes, blockLength), replayed)).toEqual(whole)
        }
      }
    },
    { arbitrary: { runs: 25 } },
  )

  it.each(recordings)(
    "of $name is the same whatever the blocks",
    ({ bytes, after: mask, rowCount: rows }) => {
      const trace = bytes()
      const said = [997, 1 << 16, 1 << 20].map((blockLength) =>
        verifyBatches(decode(trace, blockLength), mask),
      )
      expect(said[0]).toMatchObject({ rowCount: rows, deviationCount: 0 })
      expect(said[1]).toEqual(said[0])
      expect(said[2]).toEqual(said[0])
    },
  )

  it.prop(
    "keeps its invariants at every row",
    inputs,
    ({ seed: value, after: mask }) => {
      const { head, batches } = generate({ seed: value, after: mask, rowCount: 300 })
      const verifier = verifierOf(head, mask)
      const { machine } = verifier
      for (const batch of batches) {
        for (let i = 0; i < batch.rowCount; i++) {
          verifier.run(part(batch, i, i + 1))
          const queue: Array<number> = []
          for (let entity = machine.head; entity !== NONE; entity = machine.next[entity]!) {
            queue.push(entity)
            if (queue.length > machine.queueLength) break
          }
          expect(new Set(queue).size, `row ${batch.firstRow + i}: the queue`).toBe(machine.queueLength)
          expect(machine.used, `row ${batch.firstRow + i}: used`).toBeLessThanOrEqual(machine.allocated)
          if (machine.limit !== 0) expect(machine.allocated).toBeLessThanOrEqual(machine.limit)
        }
      }
      expect(saidBy(verifier)).toEqual(verifyGenerated({ seed: value, after: mask, rowCount: 300 }, mask))
    },
    { arbitrary: { runs: 100 } },
  )
})

describe("a part of the fix", () => {
  it.prop(
    "turned twice is not turned",
    { ...inputs, part: Schema.Literals(partNames) },
    ({ seed: value, after: mask, part: name }) => {
      const options = { seed: value, after: mask, rowCount: 300 }
      expect(verifyGenerated(options, turn(turn(mask, name), name))).toEqual(verifyGenerated(options, mask))
    },
    { arbitrary: { runs: 60 } },
  )

  it.prop(
    "that the replay did not meet makes no difference",
    inputs,
    ({ seed: value, after: mask }) => {
      const options = { seed: value, after: mask, rowCount: 300 }
      const said = verifyGenerated(options, mask)
      for (const name of partNames) {
        if ((said.touched & bitOf[name]) !== 0) continue
        const { deviationCount, pool } = verifyGenerated(options, turn(mask, name))
        expect({ name, deviationCount, pool }).toEqual({ name, deviationCount: 0, pool: said.pool })
      }
    },
    { arbitrary: { runs: 60 } },
  )

  it.each(partNames)("%s is exercised by generated traces, and the wrong choice of it is found", (name) => {
    // Of each choice of the part, among random choices of the others: some trace must tell them apart.
    for (const bit of [0, bitOf[name]]) {
      let found = 0
      for (let value = 0; value < 150 && found < 3; value++) {
        const mask = (new Random(value).below(allParts + 1) & ~bitOf[name]) | bit
        const said = verifyGenerated({ seed: value, after: mask, rowCount }, turn(mask, name))
        const { deviationCount, undefined: reached, awaitedCount } = said
        // The recording of a process that died ends where the other semantics goes on.
        if (deviationCount > 0 || reached !== undefined || awaitedCount > 0) found++
      }
      expect(found, `${name} ${bit === 0 ? "before" : "after"}`).toBe(3)
    }
  })
})
