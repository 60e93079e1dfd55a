import type { RowBatch } from "../../src/domain/batch.ts"
import { BufferState, Event, Result, Side, Site } from "../../src/domain/vocabulary.ts"
import { Machine } from "../../src/replay/machine.ts"
import { Verifier } from "../../src/replay/verifier.ts"
import { allParts } from "../../src/semantics/registry.ts"
import { CsvDecoder, type CsvOptions } from "../../src/traces/csv-decoder.ts"
import { decode as decodeBytes, recordings } from "../../test/support/replaying.ts"
import { blockLength, blocksOf, now, passes, type Measurement, type Stage } from "../measured.ts"
import { csvParseNames } from "./csv-parse.ts"
import { nativeNames } from "./native.ts"

/** Reads a file and gives its batches, one after the other. */
export type DecodeFile = (file: string, onBatch: (batch: RowBatch) => void) => void

const csvDecoding =
  (options: Pick<CsvOptions, "plainRows"> = {}, length = blockLength): DecodeFile =>
  (file, onBatch) => {
    const decoder = new CsvDecoder(file, { allowTorn: false, ...options })
    for (const block of blocksOf(file, 0, length)) for (const batch of decoder.push(block)) onBatch(batch)
    for (const batch of decoder.end()) onBatch(batch)
  }

const verifierFor = (batch: RowBatch): Verifier =>
  new Verifier(batch.head.preamble, allParts, batch.head.entities)

const refuseDeviations = (verifier: Verifier): void => {
  if (verifier.deviationCount === 0 && verifier.undefined === undefined) return
  throw new Error(`the input deviates: ${JSON.stringify(verifier.first ?? verifier.undefined)}`)
}

export const readRows =
  (decode: DecodeFile): Measurement =>
  (file) => {
    const begin = now()
    let rowCount = 0
    decode(file, (batch) => {
      rowCount += batch.rowCount
    })
    return Promise.resolve({ rowCount, seconds: now() - begin })
  }

export const verifyRows =
  (decode: DecodeFile): Measurement =>
  (file) => {
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
  csvDecoding({}, 1 << 20)(file, (batch) => batches.push(batch))
  return batches
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

const inMemoryStage = (name: string, measure: Measurement): Stage => ({
  name,
  against: [nativeNames.replay],
  withoutBytes: true,
  measure,
})

export const ownNames = {
  readingAndVerify: "reading + verify",
  readingAndVerifyLong: "reading + verify, long input",
  replay: "replay alone",
} as const

/** What the project does, stage by stage, without its command line. */
export const ownStages: ReadonlyArray<Stage> = [
  { name: "reading", against: csvParseNames, measure: readRows(csvDecoding()) },
  // The reference, which every row that is not plain is left to.
  {
    name: "reading by csv-parse",
    against: csvParseNames,
    measure: readRows(csvDecoding({ plainRows: false })),
  },
  { name: ownNames.readingAndVerify, against: csvParseNames, measure: verifyRows(csvDecoding()) },
  {
    name: ownNames.readingAndVerifyLong,
    against: [ownNames.readingAndVerify],
    length: "long",
    measure: verifyRows(csvDecoding()),
  },
  inMemoryStage(ownNames.replay, replay),
  inMemoryStage("replay of the recordings alone", replayOfRecordings),
  inMemoryStage("machine alone", machineOnly),
]
