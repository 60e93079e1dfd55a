/** The native program of the bench says of every trace what a `Verifier` says: otherwise its times would mean nothing. */
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { compileNative, hasCompiler, nativeReplay, nativeVerify, type NativeSaid } from "../bench/native.ts"
import { allParts, partBit, partNames } from "../src/semantics/registry.ts"
import { allSemantics } from "../src/semantics/semantics.ts"
import { damages, pickDamage } from "./support/damage.ts"
import { generateText } from "./support/generate.ts"
import { Random } from "./support/random.ts"
import { decode, recordings, verifyBatches, type Said } from "./support/replaying.ts"

const about = hasCompiler()
  ? "the native program says what a Verifier says"
  : "the native program (skipped: no C compiler)"

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "wakediff-native-"))
afterAll(() => fs.rmSync(folder, { recursive: true }))

/** What both say, in the native program's words; -1 is "none". */
const comparable = (said: Said) => ({
  rowCount: said.rowCount,
  deviationCount: said.deviationCount,
  unjudgedRowCount: said.unjudgedRowCount,
  outcomeRowCount: said.outcomeRowCount,
  awaitedCount: said.awaitedCount,
  firstRow: said.first?.row ?? -1,
  firstKind: said.first?.kind ?? null,
  undefinedRow: said.undefined?.row ?? -1,
  undefinedKind: said.undefined?.kind ?? null,
  pool: said.pool,
})

const whatWeSay = (bytes: Uint8Array, after: number): Said | undefined => {
  try {
    return verifyBatches(decode(bytes), after)
  } catch {
    return undefined
  }
}

describe.skipIf(!hasCompiler())(about, () => {
  const program = hasCompiler() ? compileNative(path.join(folder, "build")) : ""

  const written = (bytes: Uint8Array | string): string => {
    const file = path.join(folder, "trace.csv")
    fs.writeFileSync(file, bytes)
    return file
  }

  const expectSame = (bytes: Uint8Array, masks: ReadonlyArray<number>, hint: string): void => {
    const batches = [...decode(bytes)]
    const file = written(bytes)
    for (const after of masks) {
      const native = nativeVerify(program, file, after)
      expect(native, `${hint}, mask ${after}`).toMatchObject(comparable(verifyBatches(batches, after)))
    }
  }

  it.each(recordings)("of $name, under its own semantics and every named one", ({ after, bytes, name }) => {
    expectSame(bytes(), [after, ...allSemantics.map((semantics) => semantics.after)], name)
  })

  it("of recordings under the post-fix semantics with each part turned back", () => {
    const masks = partNames.map((name) => allParts ^ partBit(name))
    for (const { name, bytes } of recordings.filter((trace) => trace.name.includes("spoe"))) {
      expectSame(bytes(), masks, name)
    }
  })

  it("of generated traces, under what made them and under other choices", () => {
    const appletNames = ["<STATS>", "<CLI>", "<SPOE>"]
    for (let seed = 1; seed <= 60; seed++) {
      const random = new Random(seed)
      const after = random.below(allParts + 1)
      const text = [...generateText({ seed, after, rowCount: 1500, appletNames })].join("")
      expectSame(Buffer.from(text), [after, random.below(allParts + 1), 0, allParts], `seed ${seed}`)
    }
  })

  it("of damaged recordings, as far as both read them", () => {
    let bothCount = 0
    const whole = recordings
      .filter(({ rowCount }) => rowCount < 12_000)
      .map(({ after, bytes }) => ({ after, text: Buffer.from(bytes()) }))
    for (let number = 0; number < 400; number++) {
      const random = new Random(number)
      const { text, after } = random.pick(whole)
      const damage = pickDamage(damages, random)
      const bytes = damage.apply(text, random)
      const native = whatItSays(written(bytes), after)
      const ours = native && whatWeSay(bytes, after)
      if (native === undefined || ours === undefined) continue
      bothCount++
      expect(native, `run ${number}, ${damage.name}`).toMatchObject(comparable(ours))
    }
    expect(bothCount).toBeGreaterThan(50)
  })

  const whatItSays = (file: string, after: number): NativeSaid | undefined => {
    try {
      return nativeVerify(program, file, after)
    } catch (error) {
      // It refuses what is not the plain case; nothing else may end it.
      expect(String(error)).toContain("ended with 3")
      return undefined
    }
  }

  it("of a replay from memory what it says of a trace that it reads", () => {
    const { bytes, after } = recordings[0]!
    const file = written(bytes())
    const { rowCount, timedRowCount, seconds, peakMegabytes, ...said } = nativeReplay(program, file, after, 3)
    expect(nativeVerify(program, file, after)).toMatchObject({ ...said, rowCount })
    expect(timedRowCount).toBe(3 * rowCount)
    expect(seconds).toBeGreaterThan(0)
    expect(peakMegabytes).toBeGreaterThan(0)
  })

  const [head = "", ...rows] = [...generateText({ seed: 3, after: 0, rowCount: 50, appletNames: ["<CLI>"] })]
    .join("")
    .split(/(?=^0,)/m)
  const body = rows.join("")
  const refused: ReadonlyArray<readonly [what: string, text: string]> = [
    ["another first line", `# a trace\n${head}${body}`],
    ["columns in another order", head.replace("seq,time_us", "time_us,seq") + body],
    ["a quote", head + body.replace("<CLI>", '"<CLI>"')],
    ["carriage returns", (head + body).replaceAll("\n", "\r\n")],
    ["a gap in seq", head + body.replace(/^1,.*\n/m, "")],
    ["an unknown event", head + body.replace("task_run", "task_walk")],
    ["a cell too many", head + body.replace("\n", ",\n")],
    ["a torn last line", head + body.slice(0, -1)],
  ]

  it.each(refused)("and refuses %s", (_, text) => {
    expect(() => nativeVerify(program, written(text), 0)).toThrow("ended with 3")
  })
})
