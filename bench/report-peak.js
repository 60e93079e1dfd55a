/** Imported before a program that the bench runs: at its end it tells the bench its peak memory, in megabytes, on descriptor 3. */
import * as fs from "node:fs"
import { isMainThread } from "node:worker_threads"
import { peakMegabytes } from "./peak.js"

// Node imports it in each of the program's threads, too.
if (isMainThread) process.on("exit", () => fs.writeSync(3, String(peakMegabytes())))
