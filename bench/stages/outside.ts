import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { pipeline } from "node:stream/promises"
import * as zlib from "node:zlib"
import { gzipped } from "../input.ts"
import { blockLength, blocksOf, now, type Stage } from "../measured.ts"
import { nativeNames } from "./native.ts"

const command = path.join(import.meta.dirname, "../../bin/wakediff.js")
const peakReporter = path.join(import.meta.dirname, "../report-peak.ts")

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

/** The command as users run it: start-up, reading, the verification and its trials of every part, the report. */
const wholeCommand = (file: string) => {
  const words = ["--import", peakReporter, command, "verify", "--against", "1.7-post-fix", "--json", file]
  const begin = now()
  const child = spawnSync(process.execPath, words, { stdio: ["ignore", "pipe", "pipe", "pipe"] })
  const seconds = now() - begin
  if (child.status !== 0) throw new Error(`wakediff verify: ${String(child.stderr)}`)
  return { seconds, peakMegabytes: Number(String(child.output[3])) }
}

/** What is neither wakediff's code nor csv-parse's, and the command as a whole. */
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
  {
    name: "wakediff verify, whole process",
    against: [nativeNames.verify],
    needs: "the bundle (npm run build)",
    measure: (file) => Promise.resolve({ rowCount: rowCountOf(file), ...wholeCommand(file) }),
  },
]
