import { crc32 } from "node:zlib"
import { openColumns, type OpenColumns } from "../../domain/batch.ts"
import {
  bufferStateNames,
  eventNames,
  Kind,
  Present,
  resultNames,
  sideNames,
} from "../../domain/vocabulary.ts"
import { cellsOf, readNumbers, readWords, type Cells } from "./cells.ts"
import { readDeltas, readPlain, writeCount } from "./deltas.ts"
import { idsOf, numbersOf, textsOf, type Ids } from "./dictionary.ts"
import type { RowGroup } from "./footer.ts"
import { Encoding, PageReader, type Page } from "./pages.ts"
import { damaged, foreign, forged } from "./problem.ts"
import { columns } from "./schema.ts"

/**
 * A row group as columns, before it is known what its ids and sites mean to the trace: in `columns`, `entity`, `owner` and `site` are indices
 * into the lists here, of which 0 is an empty cell. Nothing of it depends on other row groups, so that any thread may make it.
 */
export interface RawGroup {
  readonly columns: OpenColumns
  readonly entities: Ids
  readonly owners: Ids
  readonly sites: ReadonlyArray<string>
}

/** Reads a row group, of which `bytes` are all; `firstRow` is how many rows are before it; `used` as `openColumns` has it. */
export const readGroup = (
  group: RowGroup,
  bytes: Uint8Array,
  firstRow: number,
  used?: ArrayBuffer,
): RawGroup => {
  if (crc32(bytes) !== group.sum) throw damaged("damaged data: its checksum is wrong")
  const { rowCount } = group
  const batch = openColumns(rowCount, firstRow, used)
  batch.rowCount = rowCount
  const pages = pagesOf(group, bytes)
  deltas(pages[0]!.values, pages[1]!.values, batch)
  const [, , event, entity, owner, site, side, margin, req, res, result, ...counters] = pages.map(
    ({ dictionary, values }, at): Column => {
      const { kind, optional } = columns[at]!
      return { dictionary, cells: kind === "deltas" ? undefined : cellsOf(values, rowCount, optional) }
    },
  )
  words(event!, eventNames, batch.event)
  words(side!, sideNames, batch.side)
  words(req!, bufferStateNames, batch.req)
  words(res!, bufferStateNames, batch.res)
  words(result!, resultNames, batch.result)
  const numberColumns = [margin!, ...counters]
  // Most rows have every counter: those flags are set at once.
  batch.present.fill(
    numberFlags.reduce((flags, flag, at) => (isWhole(numberColumns[at]!) ? flags | flag : flags), 0),
  )
  numbers(numberColumns[0]!, batch.margin, Present.margin, batch)
  numbers(numberColumns[1]!, batch.avail, Present.avail, batch)
  numbers(numberColumns[2]!, batch.threshold, Present.threshold, batch)
  numbers(numberColumns[3]!, batch.allocated, Present.allocated, batch)
  numbers(numberColumns[4]!, batch.used, Present.used, batch)
  numbers(numberColumns[5]!, batch.taskRq, Present.taskRq, batch)
  numbers(numberColumns[6]!, batch.appletRq, Present.appletRq, batch)
  return {
    columns: batch,
    entities: ids(entity!, batch.entity, batch),
    owners: streams(ids(owner!, batch.owner, batch)),
    sites: sites(site!, batch.site, batch),
  }
}

/** The flags of the number columns, in their order. */
const numberFlags = Object.values(Present)

const isWhole = ({ cells }: Column): boolean => cells !== undefined && cells.bitsAt === undefined

interface ColumnPages {
  readonly dictionary: Page | undefined
  readonly values: Page
}

const pagesOf = ({ chunks }: RowGroup, bytes: Uint8Array): ReadonlyArray<ColumnPages> => {
  const reader = new PageReader(bytes)
  let end = 0
  return chunks.map(({ compressed, dictionaryByteCount, byteCount }) => {
    const begin = end
    end += byteCount
    const dictionary =
      dictionaryByteCount > 0 ? reader.next(compressed, begin + dictionaryByteCount) : undefined
    return { dictionary, values: reader.next(compressed, end) }
  })
}

const deltas = (seq: Page, time: Page, { firstRow, rowCount, timeUs }: OpenColumns): void => {
  for (const { kind, valueCount } of [seq, time])
    if (kind !== "values" || valueCount !== rowCount) throw damaged("a page of another length")
  if (!writeCount(firstRow, rowCount).equals(seq.bytes))
    throw forged(`seq to count from ${firstRow} on without a gap`, "other numbers")
  if (time.encoding === Encoding.deltas) readDeltas(time.bytes, rowCount, timeUs)
  else if (time.encoding === Encoding.plain) readPlain(time.bytes, rowCount, timeUs)
  else throw foreign("numbers of another encoding")
}

interface Column {
  readonly dictionary: Page | undefined
  /** Undefined where no cell is there. */
  readonly cells: Cells | undefined
}

const words = ({ dictionary, cells }: Column, names: ReadonlyArray<string>, out: Uint8Array): void => {
  const codes = (dictionary === undefined ? [] : textsOf(dictionary)).map((text) => names.indexOf(text))
  if (codes.includes(-1)) throw foreign("words that no trace has")
  if (cells !== undefined) readWords(cells, Uint8Array.from(codes), out)
}

const numbers = (
  { dictionary, cells }: Column,
  out: Int32Array | Uint32Array,
  flag: number,
  { present }: OpenColumns,
): void => {
  if (cells === undefined) return
  const values = dictionary === undefined ? new Int32Array(0) : numbersOf(dictionary)
  if (flag === Present.margin && values.some((value) => value < 0))
    throw forged("a margin of 0 or more", "one below")
  // Numbers with and without sign are the same bits.
  readNumbers(
    cells,
    values,
    new Int32Array(out.buffer as ArrayBuffer, out.byteOffset, out.length),
    present,
    flag,
  )
}

const ids = ({ dictionary, cells }: Column, out: Int32Array, { present }: OpenColumns): Ids => {
  const read = idsOf(dictionary)
  indices(cells, read.kinds.length, out, present)
  return read
}

const streams = (owners: Ids): Ids => {
  if (owners.kinds.some((kind) => kind !== Kind.stream)) throw forged("streams as owners", "something else")
  return owners
}

const sites = (
  { dictionary, cells }: Column,
  out: Int32Array,
  { present }: OpenColumns,
): ReadonlyArray<string> => {
  const texts = dictionary === undefined ? [] : textsOf(dictionary)
  indices(cells, texts.length + 1, out, present)
  return ["", ...texts]
}

/** Indices into a list of so many, whose first is the empty cell. */
const indices = (cells: Cells | undefined, count: number, out: Int32Array, present: Uint8Array): void => {
  if (cells === undefined) return
  const places = new Int32Array(count - 1)
  for (let at = 1; at < count; at++) places[at - 1] = at
  readNumbers(cells, places, out, present, 0)
}
