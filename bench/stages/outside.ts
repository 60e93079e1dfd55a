import * as fs from "node:fs"
import { pipeline } from "node:stream/promises"
import * as zlib from "node:zlib"
import { gzipped } from "../input.ts"
import { blockLength, blocksOf, now, type Stage } from "../measured.ts"

/** How many rows a file of the bench has: its lines, without the preamble and the header line. */
const rowCountOf = (file: string): number => {
  let count = 0
  let headLineCount = 0
  for (const block of blocksOf(file, 0, 1 << 20)) {
    if (count === 0) headLineCount = block.toString("latin1").split("\n0,")[0]!.split("\n").length
    for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) count++
  }
  return count - headLineCount
}

/** What is neither wakediff's code nor csv-parse's. */
export const outsideStages: ReadonlyArray<Stage> = [
  {
    name: "the disk",
    against: [],
    measure: (file) => {
      const rowCount = rowCountOf(file)
      const begin = now()
      let length = 0
      for (const block of blocksOf(file, 0, blockLength)) length += block.length
      if (length !== fs.statSync(file).size) throw new Error(`${file} was not read whole`)
      return Promise.resolve({ rowCount, seconds: now() - begin })
    },
  },
  {
    name: "gunzip",
    against: ["the disk"],
    measure: async (file) => {
      const rowCount = rowCountOf(file)
      const source = fs.createReadStream(gzipped(file), { highWaterMark: blockLength })
      const begin = now()
      await pipeline(source, zlib.createGunzip({ chunkSize: 1 << 20 }), async (chunks) => {
        for await (const _ of chunks);
      })
      return { rowCount, seconds: now() - begin }
    },
  },
]
