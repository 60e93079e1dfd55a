import {
  Dictionary,
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Uint32,
  Uint8,
  Utf8,
  vectorFromArray,
  type Data,
  type DataType,
  type Vector,
} from "apache-arrow"
import type { RowBatch } from "../src/domain/batch.ts"
import {
  bufferStateNames,
  columnNames,
  eventNames,
  firstAppletName,
  Present,
  resultNames,
  sideNames,
  siteNames,
  type ColumnName,
} from "../src/domain/vocabulary.ts"

const words = () => new Dictionary(new Utf8(), new Uint8())
/** Their indices are a batch's slots and site codes as they are. */
const texts = () => new Dictionary(new Utf8(), new Int32())

/** Times are doubles here, and `seq` is 32 bits wide: JavaScript reads 64-bit integers as BigInt, many times as slowly. */
const types = {
  seq: new Uint32(),
  time_us: new Float64(),
  event: words(),
  entity: texts(),
  owner: texts(),
  site: texts(),
  side: words(),
  margin: new Int32(),
  req: words(),
  res: words(),
  result: words(),
  avail: new Int32(),
  threshold: new Uint32(),
  allocated: new Uint32(),
  used: new Uint32(),
  task_rq: new Uint32(),
  applet_rq: new Uint32(),
} as const satisfies Record<ColumnName, DataType>

const fields = columnNames.map((name) => new Field<DataType>(name, types[name], true))
const schema = new Schema(fields)

const vectorOf = (list: ReadonlyArray<string>): Vector<Utf8> => vectorFromArray(list, new Utf8())

const eventTexts = vectorOf(eventNames)
const sideTexts = vectorOf(sideNames)
const stateTexts = vectorOf(bufferStateNames)
const resultTexts = vectorOf(resultNames)

/** Which of so many cells are there, a bit each, and how many are not. */
const nullsOf = (length: number, isThere: (row: number) => boolean) => {
  const nullBitmap = new Uint8Array(Math.ceil(length / 8))
  let nullCount = length
  for (let i = 0; i < length; i++) {
    if (!isThere(i)) continue
    nullBitmap[i >> 3]! |= 1 << (i & 7)
    nullCount--
  }
  return { length, nullBitmap, nullCount }
}

/** The ids of all slots so far: each batch brings its dictionary. An empty word is a word, an empty id is a null. */
const idsOf = ({ head: { entities } }: RowBatch): Vector<Utf8> =>
  vectorOf(Array.from({ length: entities.count }, (_, slot) => entities.id(slot)))

const sitesOf = ({ head: { appletNames } }: RowBatch): Vector<Utf8> =>
  vectorOf([...Array.from({ length: firstAppletName }, (_, code) => siteNames[code] ?? ""), ...appletNames])

const columnsOf = (batch: RowBatch): Readonly<Record<ColumnName, Data>> => {
  const { rowCount: length, present } = batch
  const rows = <A extends { subarray(from: number, to: number): A }>(column: A): A =>
    column.subarray(0, length)
  const ids = (column: Int32Array) => nullsOf(length, (i) => column[i]! >= 0)
  const cells = (bit: number) => nullsOf(length, (i) => (present[i]! & bit) !== 0)
  const idTexts = idsOf(batch)
  return {
    seq: makeData({ type: types.seq, data: Uint32Array.from({ length }, (_, i) => batch.firstRow + i) }),
    time_us: makeData({ type: types.time_us, data: rows(batch.timeUs) }),
    event: makeData({ type: types.event, data: rows(batch.event), dictionary: eventTexts }),
    entity: makeData({
      type: types.entity,
      data: rows(batch.entity),
      dictionary: idTexts,
      ...ids(batch.entity),
    }),
    owner: makeData({ type: types.owner, data: rows(batch.owner), dictionary: idTexts, ...ids(batch.owner) }),
    site: makeData({ type: types.site, data: rows(batch.site), dictionary: sitesOf(batch) }),
    side: makeData({ type: types.side, data: rows(batch.side), dictionary: sideTexts }),
    margin: makeData({ type: types.margin, data: rows(batch.margin), ...cells(Present.margin) }),
    req: makeData({ type: types.req, data: rows(batch.req), dictionary: stateTexts }),
    res: makeData({ type: types.res, data: rows(batch.res), dictionary: stateTexts }),
    result: makeData({ type: types.result, data: rows(batch.result), dictionary: resultTexts }),
    avail: makeData({ type: types.avail, data: rows(batch.avail), ...cells(Present.avail) }),
    threshold: makeData({ type: types.threshold, data: rows(batch.threshold), ...cells(Present.threshold) }),
    allocated: makeData({ type: types.allocated, data: rows(batch.allocated), ...cells(Present.allocated) }),
    used: makeData({ type: types.used, data: rows(batch.used), ...cells(Present.used) }),
    task_rq: makeData({ type: types.task_rq, data: rows(batch.taskRq), ...cells(Present.taskRq) }),
    applet_rq: makeData({ type: types.applet_rq, data: rows(batch.appletRq), ...cells(Present.appletRq) }),
  }
}

function* recordBatches(batches: Iterable<RowBatch>): Generator<RecordBatch> {
  for (const batch of batches) {
    const columns = columnsOf(batch)
    const children = columnNames.map((name) => columns[name])
    yield new RecordBatch(schema, makeData({ type: new Struct(fields), length: batch.rowCount, children }))
  }
}

/**
 * Some batches as one Arrow IPC stream, not compressed: all of `trace-format.md`'s columns, in its order. It is in memory as a whole, some
 * 60 bytes a row: apache-arrow hands its bytes out only when it is done, or asynchronously.
 */
export const arrowOf = (batches: Iterable<RowBatch>): Uint8Array =>
  RecordBatchStreamWriter.writeAll(recordBatches(batches)).toUint8Array(true)
