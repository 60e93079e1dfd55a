import * as fs from "node:fs"
import type { InputForm, InputLength } from "./input.ts"
import type { Need } from "./needs.ts"

/** What one measurement in a process of its own came to. */
export interface Measured {
  /** The rows that went by in that time. */
  readonly rowCount: number
  readonly seconds: number
  readonly peakMegabytes: number
}

/** Measures one thing; the peak memory is this process's own where it names no other. */
export type Measurement = (
  file: string,
) => Promise<Omit<Measured, "peakMegabytes"> & { readonly peakMegabytes?: number }>

export interface Stage {
  readonly name: string
  /** The stages that it is compared with, in the same run: with the fastest of them. */
  readonly against: ReadonlyArray<string>
  /** The form of the input that it is given; the CSV without it. */
  readonly reads?: InputForm
  /** How long its input is; `usual` without it. */
  readonly length?: InputLength
  /** It goes over rows in memory, or over the recordings: there are no bytes of the input to go by. */
  readonly withoutBytes?: true
  /** What must be there for it; without that the stage is left out, and the table says so. */
  readonly needs?: ReadonlyArray<Need>
  readonly measure: Measurement
}

export const now = (): number => Number(process.hrtime.bigint()) / 1e9

export const blockLength = 1 << 16

/** A file's bytes in blocks; a block is only valid until the next is asked for. */
export function* blocksOf(file: string, from: number, length: number): Generator<Buffer> {
  const descriptor = fs.openSync(file, "r")
  const block = Buffer.allocUnsafe(length)
  let position = from
  for (;;) {
    const read = fs.readSync(descriptor, block, 0, length, position)
    if (read === 0) break
    position += read
    yield block.subarray(0, read)
  }
  fs.closeSync(descriptor)
}

export const warmUpPasses = 2
export const passCount = 8

/** Passes over rows in memory, each with a state of its own; the first two warm the compiler up and are not counted. */
export const passes = (pass: () => number): { readonly rowCount: number; readonly seconds: number } => {
  for (let i = 0; i < warmUpPasses; i++) pass()
  const begin = now()
  let rowCount = 0
  for (let i = 0; i < passCount; i++) rowCount += pass()
  return { rowCount, seconds: now() - begin }
}
