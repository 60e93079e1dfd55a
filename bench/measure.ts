import { parse, type Options } from "csv-parse"
import { parse as parseSync } from "csv-parse/sync"
import * as fs from "node:fs"
import type { RowBatch } from "../src/domain/batch.ts"
import { BufferState, Event, Result, Side, Site } from "../src/domain/vocabulary.ts"
import { Machine } from "../src/replay/machine.ts"
import { Verifier } from "../src/replay/verifier.ts"
import { allParts } from "../src/semantics/registry.ts"
import { CsvDecoder } from "../src/traces/csv-decoder.ts"
import { decode as decodeBytes, recordings } from "../test/support/replaying.ts"

/** What one measurement in a process of its own came to. */
export interface Measured {
  readonly rowCount: number
  readonly seconds: number
  readonly peakMegabytes: number
}

type Measurement = (file: string) => Promise<Omit<Measured, "peakMegabytes">>

const blockLength = 1 << 16
const now = (): number => Number(process.hrtime.bigint()) / 1e9

function* blocksOf(file: string, from: number, length: number): Generator<Buffer> {
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

/** Where the first row begins: csv-parse alone is spared the preamble and the header line. */
const bodyOffset = (file: string): number => {
  const start = blocksOf(file, 0, blockLength).next().value!.toString("latin1")
  return start.indexOf("\n", start.indexOf("\nseq,") + 1) + 1
}

const whole = (name: string, rowCount: number): number => {
  if (rowCount > 0) return rowCount
  throw new Error(`${name} read no row`)
}

// csv-parse alone.

const noQuotes: Options = { quote: null, escape: null, record_delimiter: "\n", delimiter: "," }

const csvStream =
  (options: Options, onRecord: boolean): Measurement =>
  (file) =>
    new Promise((resolve, reject) => {
      let rowCount = 0
      const count = () => {
        rowCount++
        return null
      }
      const begin = now()
      const parser = parse(onRecord ? { ...options, on_record: count } : options)
      fs.createReadStream(file, { start: bodyOffset(file), highWaterMark: blockLength }).pipe(parser)
      if (onRecord) parser.resume()
      else parser.on("data", count)
      parser.on("error", reject)
      parser.on("end", () => resolve({ rowCount: whole("csv-parse", rowCount), seconds: now() - begin }))
    })

/** csv-parse's synchronous form on blocks that end with a line. */
const csvBlocks =
  (options: Options, kibibytes: number): Measurement =>
  (file) => {
    const begin = now()
    let rowCount = 0
    let carry: Buffer = Buffer.alloc(0)
    for (const block of blocksOf(file, bodyOffset(file), kibibytes * 1024)) {
      const cut = block.lastIndexOf(10) + 1
      const records: ReadonlyArray<unknown> = parseSync(
        Buffer.concat([carry, block.subarray(0, cut)]),
        options,
      )
      rowCount += records.length
      carry = Buffer.from(block.subarray(cut))
    }
    return Promise.resolve({ rowCount: whole("csv-parse", rowCount), seconds: now() - begin })
  }

// wakediff.

const decode = (file: string, onBatch: (batch: RowBatch) => void, length = blockLength): void => {
  const decoder = new CsvDecoder(file, { allowTorn: false })
  for (const block of blocksOf(file, 0, length)) for (const batch of decoder.push(block)) onBatch(batch)
  for (const batch of decoder.end()) onBatch(batch)
}

const verifierFor = (batch: RowBatch): Verifier =>
  new Verifier(batch.head.preamble, allParts, batch.head.entities)

const refuseDeviations = (verifier: Verifier): void => {
  if (verifier.deviationCount === 0 && verifier.undefined === undefined) return
  throw new Error(`the input deviates: ${JSON.stringify(verifier.first ?? verifier.undefined)}`)
}

const reading: Measurement = (file) => {
  const begin = now()
  let rowCount = 0
  decode(file, (batch) => {
    rowCount += batch.rowCount
  })
  return Promise.resolve({ rowCount, seconds: now() - begin })
}

const readingAndVerify: Measurement = (file) => {
  const begin = now()
  let verifier: Verifier | undefined
  decode(file, (batch) => {
    verifier ??= verifierFor(batch)
    verifier.run(batch)
  })
  refuseDeviations(verifier!)
  return Promise.resolve({ rowCount: verifier!.rowCount, seconds: now() - begin })
}

const inMemory = (file: string): ReadonlyArray<RowBatch> => {
  const batches: Array<RowBatch> = []
  decode(file, (batch) => batches.push(batch), 1 << 20)
  return batches
}

const passCount = 8

/** Passes over batches in memory, each with a state of its own; the first two warm the compiler up and are not counted. */
const passes = (pass: () => number): Omit<Measured, "peakMegabytes"> => {
  pass()
  pass()
  const begin = now()
  let rowCount = 0
  for (let i = 0; i < passCount; i++) rowCount += pass()
  return { rowCount, seconds: now() - begin }
}

const replayed = (batches: ReadonlyArray<RowBatch>, after: number): number => {
  const { head } = batches[0]!
  const verifier = new Verifier(head.preamble, after, head.entities)
  for (const batch of batches) verifier.run(batch)
  if (verifier.deviationCount !== 0) throw new Error(`the input deviates: ${JSON.stringify(verifier.first)}`)
  return verifier.rowCount
}

const replay: Measurement = (file) => {
  const batches = inMemory(file)
  return Promise.resolve(passes(() => replayed(batches, allParts)))
}

/** The recordings of `traces/`, each under the semantics that made it. */
const replayOfRecordings: Measurement = () => {
  const traces = recordings.map(({ bytes, after }) => ({ batches: [...decodeBytes(bytes())], after }))
  return Promise.resolve(
    passes(() => traces.reduce((rowCount, { batches, after }) => rowCount + replayed(batches, after), 0)),
  )
}

/** The input rows through the machine, and nothing compared: what the comparison costs is the rest. */
const machineOnly: Measurement = (file) => {
  const batches = inMemory(file)
  const { preamble, entities } = batches[0]!.head
  return Promise.resolve(
    passes(() => {
      const machine = new Machine(preamble, allParts, entities)
      let rowCount = 0
      for (const batch of batches) {
        machine.reserveRoom()
        drive(machine, batch)
        rowCount += batch.rowCount
      }
      return rowCount
    }),
  )
}

const drive = (machine: Machine, batch: RowBatch): void => {
  const { event, entity, owner, site, side, req, res, result } = batch
  for (let i = 0; i < batch.rowCount; i++) {
    const code = event[i]!
    if (
      code >= Event.enqueue ||
      (site[i] === Site.offer && (code === Event.task_wakeup || code === Event.applet_wakeup))
    )
      continue
    machine.outcomes.count = 0
    const actor = entity[i]!
    if (code === Event.release) {
      if (req[i]! > BufferState.none) machine.observe(owner[i]!, Side.req, req[i] === BufferState.data)
      if (res[i]! > BufferState.none) machine.observe(owner[i]!, Side.res, res[i] === BufferState.data)
      machine.release(actor, owner[i]!, site[i]!, side[i]!)
    } else if (code === Event.alloc) machine.alloc(actor, owner[i]!, site[i]!, side[i]!)
    else if (code === Event.task_wakeup) {
      if (result[i] === Result.already && machine.mayAdoptTask(actor)) machine.adoptTask(actor)
      machine.wakeTask(actor)
    } else if (code === Event.task_run) machine.runTask(actor)
    else if (code === Event.task_done) machine.endTask(actor, result[i] === Result.freed)
    else if (code === Event.task_unlink) machine.unqueueTask(actor)
    else if (code === Event.applet_wakeup) machine.wakeApplet(actor)
    else if (code === Event.applet_pause) machine.pauseApplet(actor)
    else if (code === Event.applet_run) machine.runApplet(actor)
    else if (code === Event.applet_done) machine.endApplet(actor)
    else if (code === Event.applet_free) machine.freeApplet(actor)
    else if (code === Event.spoe_free) machine.freeSpoeContext(actor)
    else if (code === Event.pool) machine.setPool(batch.allocated[i]!, batch.used[i]!)
  }
}

export const csvMeasurements: Readonly<Record<string, Measurement>> = {
  "csv-parse: stream, defaults": csvStream({}, false),
  "csv-parse: stream, no quotes": csvStream(noQuotes, false),
  "csv-parse: stream, no quotes, on_record null": csvStream(noQuotes, true),
  "csv-parse: sync, 64 KiB": csvBlocks(noQuotes, 64),
  "csv-parse: sync, 16 KiB, latin1": csvBlocks({ ...noQuotes, encoding: "latin1" }, 16),
  "csv-parse: sync, 64 KiB, latin1": csvBlocks({ ...noQuotes, encoding: "latin1" }, 64),
  "csv-parse: sync, 256 KiB, latin1": csvBlocks({ ...noQuotes, encoding: "latin1" }, 256),
}

export const ownMeasurements: Readonly<Record<string, Measurement>> = {
  reading,
  "reading + verify": readingAndVerify,
  "replay alone": replay,
  "replay of the recordings alone": replayOfRecordings,
  "machine alone": machineOnly,
}

// Run as a program, this measures one thing in a process of its own: compiled code and memory of nothing else.
if (import.meta.main) {
  const [name = "", file = ""] = process.argv.slice(2)
  const measurement = csvMeasurements[name] ?? ownMeasurements[name]
  if (measurement === undefined) throw new Error(`no measurement "${name}"`)
  const measured = await measurement(file)
  const peakMegabytes = process.resourceUsage().maxRSS / 1024
  console.log(JSON.stringify({ ...measured, peakMegabytes } satisfies Measured))
}
