/** Traces that must be refused, one a file of fixtures/bad-input: by which words, on which line and column. */
import { Effect, Stream } from "effect"
import { readFileSync, readdirSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { BadTrace } from "../src/domain/errors.ts"
import { inert } from "../src/domain/text.ts"
import { CsvDecoder } from "../src/traces/csv-decoder.ts"
import { readTrace } from "../src/traces/read.ts"

interface Expected {
  readonly line: number
  readonly column: number
  /** How the message begins behind the place. */
  readonly says: string
}

const folder = new URL("../fixtures/bad-input/", import.meta.url).pathname
const expected = JSON.parse(readFileSync(`${folder}expected.json`, "utf8")) as Readonly<
  Record<string, Expected>
>

const errorOf = (name: string, bytes: Uint8Array, blockLength: number): unknown => {
  const decoder = new CsvDecoder(name, { allowTorn: false })
  try {
    for (let at = 0; at < bytes.length; at += blockLength) decoder.push(bytes.subarray(at, at + blockLength))
    decoder.end()
    return undefined
  } catch (error) {
    return error
  }
}

it("expected.json speaks of every file, and of no other", () => {
  const files = readdirSync(folder).filter((name) => name !== "expected.json")
  expect(Object.keys(expected).toSorted()).toEqual(files.toSorted())
})

describe.each(Object.entries(expected))("%s", (name, { line, column, says }) => {
  const path = folder + name

  it(`is refused at ${line}:${column}`, async () => {
    const error = await Effect.runPromise(Effect.flip(Stream.runDrain(readTrace(path))))
    expect(error).toBeInstanceOf(BadTrace)
    expect(error).toMatchObject({ trace: path, line, column, exitCode: 3 })
    expect(error.message.startsWith(`${inert(path)}:${line}:${column}: ${says}`), error.message).toBe(true)
  })

  it("is refused in one inert line, however its bytes come", () => {
    const bytes = readFileSync(path)
    const whole = errorOf(name, bytes, bytes.length) as BadTrace
    expect(whole.message).toBe(inert(whole.message))
    expect(whole.message.length).toBeLessThan(500)
    expect(whole.message).toMatch(/expected .+, found .+/)
    for (const blockLength of [1, 2, 7, 64]) {
      const error = errorOf(name, bytes, blockLength)
      expect(error).toBeInstanceOf(BadTrace)
      expect((error as BadTrace).message).toBe(whole.message)
    }
  })
})
