/** The entry of a thread that reads ahead: it decodes a row group for each message, in their order, up to the first that cannot be read. */
import { readSync } from "node:fs"
import { parentPort, workerData } from "node:worker_threads"
import type { AheadMessage, AheadTask } from "./ahead.ts"
import type { RowGroup } from "./footer.ts"
import { readGroup } from "./group-reader.ts"
import { ColumnarProblem } from "./problem.ts"

const { descriptor, groups } = workerData as AheadTask
let next = 0
let rowCount = 0

parentPort!.on("message", (used: ArrayBuffer | undefined) => {
  const group = groups[next++]
  if (group === undefined) return
  try {
    const raw = readGroup(group, bytesOf(group), rowCount, used)
    rowCount += group.rowCount
    // All columns lie in one piece of memory, which changes hands.
    say(raw, [raw.columns.timeUs.buffer as ArrayBuffer])
  } catch (problem) {
    if (!(problem instanceof ColumnarProblem)) throw problem
    const { expected, found, advice } = problem
    say({ problem: { expected, found, advice } }, [])
  }
})

const say = (message: AheadMessage, transferred: ReadonlyArray<ArrayBuffer>): void =>
  parentPort!.postMessage(message, transferred)

const bytesOf = ({ offset, byteCount }: RowGroup): Uint8Array => {
  const bytes = Buffer.allocUnsafeSlow(byteCount)
  let have = 0
  while (have < byteCount) {
    const count = readSync(descriptor, bytes, have, byteCount - have, offset + have)
    if (count === 0) break
    have += count
  }
  return bytes.subarray(0, have)
}
