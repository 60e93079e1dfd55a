import type { Measured } from "./measured.ts"
import { peakMegabytes as peakSoFar } from "./peak.js"
import { stageNamed } from "./stages.ts"

/** Measures one stage in a process of its own: compiled code and memory of nothing else. Prints a {@link Measured}. */

const [name = "", file = ""] = process.argv.slice(2)
const measured = await stageNamed(name).measure(file)
const { rowCount, seconds, peakMegabytes = peakSoFar() } = measured
if (rowCount === 0) throw new Error(`${name} read no row`)
console.log(JSON.stringify({ rowCount, seconds, peakMegabytes } satisfies Measured))
