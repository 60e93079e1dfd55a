import { crc32 } from "node:zlib"
import { parquetMetadata, type FileMetaData, type SchemaElement } from "hyparquet"
import { ByteWriter } from "hyparquet-writer/src/bytewriter.js"
import { writeMetadata } from "hyparquet-writer/src/metadata.js"
import {
  columns,
  footerSumKey,
  groupSumsKey,
  isText,
  magic,
  maxGroupBytes,
  maxGroupRows,
  version,
  versionKey,
} from "./schema.ts"
import { damaged, foreign } from "./problem.ts"

/** What the end of a Parquet file says of it, as far as a trace needs it. */
export interface Footer {
  /** The preamble. */
  readonly entries: ReadonlyArray<readonly [key: string, value: string]>
  readonly rowCount: number
  readonly groups: ReadonlyArray<RowGroup>
}

/** So many rows, all of their columns, one behind the other. */
export interface RowGroup {
  readonly rowCount: number
  /** Where it begins in the file. */
  readonly offset: number
  readonly byteCount: number
  /** The CRC-32 of its bytes. */
  readonly sum: number
  readonly chunks: ReadonlyArray<Chunk>
}

/** One column of a row group: a dictionary's page, if it has one, and one page of values. */
export interface Chunk {
  readonly compressed: boolean
  /** Of the dictionary's page, 0 if there is none. */
  readonly dictionaryByteCount: number
  readonly byteCount: number
  /** Before they were compressed, headers included. */
  readonly inflatedByteCount: number
  readonly presentCount: number
}

/** The last bytes of a file: how long the footer is, and the magic. */
export const tailBytes = 8

/** How long the footer before the file's last bytes is; undefined where those are not the end of a Parquet file. */
export const footerLength = (tail: Uint8Array): number | undefined => {
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.length)
  return bytes.subarray(4).equals(magic) ? bytes.readUInt32LE(0) : undefined
}

// Writing.

/** The footer and the tail behind it. */
export const writeFooter = (footer: Footer): Uint8Array => {
  const sums = footer.groups.map(({ sum }) => hexadecimal(sum)).join(" ")
  const entries = [
    [versionKey, version],
    [groupSumsKey, sums],
    [footerSumKey, hexadecimal(footerSum(footer))],
    ...footer.entries,
  ] as const
  const writer = new ByteWriter()
  const metadata: FileMetaData = {
    version: 2,
    schema: [...schema],
    num_rows: BigInt(footer.rowCount),
    row_groups: footer.groups.map(rowGroupMetadata),
    key_value_metadata: entries.map(([key, value]) => ({ key, value })),
    created_by: "wakediff",
    metadata_length: 0,
  }
  writeMetadata(writer, metadata)
  writer.appendBytes(magic)
  return writer.getBytes()
}

const hexadecimal = (sum: number): string => sum.toString(16).padStart(8, "0")

const schema: ReadonlyArray<SchemaElement> = [
  { name: "trace", num_children: columns.length },
  ...columns.map(({ name, kind, optional }): SchemaElement => {
    const element = { name, repetition_type: optional ? "OPTIONAL" : "REQUIRED" } as const
    if (isText(kind))
      return { ...element, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } }
    if (kind === "deltas") return { ...element, type: "INT64" }
    if (kind === "signed") return { ...element, type: "INT32" }
    // The newer way to say so, a logical type, hyparquet-writer 0.17 writes in a form that DuckDB refuses (an i32 where an i8 belongs).
    return { ...element, type: "INT32", converted_type: "UINT_32" }
  }),
]

const rowGroupMetadata = ({ rowCount, offset, byteCount, chunks }: RowGroup) => {
  let at = offset
  const columnChunks = chunks.map((chunk, column) => {
    const begin = at
    at += chunk.byteCount
    const hasDictionary = chunk.dictionaryByteCount > 0
    const { name, kind } = columns[column]!
    return {
      file_offset: 0n,
      meta_data: {
        type: schema[column + 1]!.type!,
        encodings: [kind === "deltas" ? "DELTA_BINARY_PACKED" : "RLE_DICTIONARY", "PLAIN", "RLE"] as Array<
          "DELTA_BINARY_PACKED" | "RLE_DICTIONARY" | "PLAIN" | "RLE"
        >,
        path_in_schema: [name],
        codec: chunk.compressed ? ("ZSTD" as const) : ("UNCOMPRESSED" as const),
        num_values: BigInt(rowCount),
        total_uncompressed_size: BigInt(chunk.inflatedByteCount),
        total_compressed_size: BigInt(chunk.byteCount),
        data_page_offset: BigInt(begin + chunk.dictionaryByteCount),
        ...(hasDictionary ? { dictionary_page_offset: BigInt(begin) } : {}),
        statistics: { null_count: BigInt(rowCount - chunk.presentCount) },
      },
    }
  })
  const inflated = chunks.reduce((sum, chunk) => sum + chunk.inflatedByteCount, 0)
  return {
    columns: columnChunks,
    total_byte_size: BigInt(inflated),
    num_rows: BigInt(rowCount),
    file_offset: BigInt(offset),
    total_compressed_size: BigInt(byteCount),
  }
}

// Reading.

/** Reads a footer: `bytes` are those of the footer and the tail, and `offset` is where they begin in the file. */
export const readFooter = (bytes: Uint8Array, offset: number): Footer => {
  const metadata = parsed(bytes)
  const [first, second, third, ...entries] = (metadata.key_value_metadata ?? []).map(
    ({ key, value }) => [key, value ?? ""] as const,
  )
  if (first?.[0] !== versionKey) throw foreign("Parquet without a trace's preamble in its metadata")
  if (first[1] !== version)
    throw foreign(`version ${first[1].slice(0, 20)} of the layout, which this wakediff does not know`)
  refuseOtherColumns(metadata.schema)
  if (second?.[0] !== groupSumsKey || third?.[0] !== footerSumKey) throw foreign("metadata without checksums")
  const sums = second[1] === "" ? [] : second[1].split(" ").map((text) => Number.parseInt(text, 16))
  if (sums.length !== metadata.row_groups.length) throw damaged("metadata that is damaged")
  const groups = metadata.row_groups.map((group, at) => rowGroupOf(group, sums[at]!))
  const footer: Footer = { entries, rowCount: Number(metadata.num_rows), groups }
  if (hexadecimal(footerSum(footer)) !== third[1]) throw damaged("metadata whose checksum is wrong")
  refuseGaps(footer, offset)
  return footer
}

/** hyparquet throws whatever damaged bytes lead it to. */
const parsed = (bytes: Uint8Array): FileMetaData => {
  try {
    return parquetMetadata(bytes)
  } catch {
    throw damaged("metadata that is damaged")
  }
}

const refuseOtherColumns = (found: ReadonlyArray<SchemaElement>): void => {
  for (const [at, expected] of schema.entries()) {
    const element = found[at]
    if (
      element?.name !== expected.name ||
      element.type !== expected.type ||
      (at > 0 && element.repetition_type !== expected.repetition_type) ||
      element.converted_type !== expected.converted_type
    )
      throw foreign(`other columns, from "${expected.name}" on`)
  }
  if (found.length !== schema.length) throw foreign("more columns")
}

const rowGroupOf = (group: FileMetaData["row_groups"][number], sum: number): RowGroup => {
  const chunks = group.columns.map(({ meta_data: chunk }): Chunk => {
    if (chunk === undefined) throw damaged("a column without metadata")
    if (chunk.codec !== "ZSTD" && chunk.codec !== "UNCOMPRESSED")
      throw foreign("another compression than zstd")
    const begin = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset)
    return {
      compressed: chunk.codec === "ZSTD",
      dictionaryByteCount: Number(chunk.data_page_offset) - begin,
      byteCount: Number(chunk.total_compressed_size),
      inflatedByteCount: Number(chunk.total_uncompressed_size),
      presentCount: Number(group.num_rows) - Number(chunk.statistics?.null_count ?? 0),
    }
  })
  const byteCount = chunks.reduce((bytes, chunk) => bytes + chunk.byteCount, 0)
  return { rowCount: Number(group.num_rows), offset: Number(group.file_offset), byteCount, sum, chunks }
}

/** Row groups lie one behind the other from the magic to the footer, and have all rows. */
const refuseGaps = ({ rowCount, groups }: Footer, end: number): void => {
  let at = magic.length
  let rows = 0
  for (const group of groups) {
    if (group.offset !== at || group.chunks.length !== columns.length)
      throw damaged("row groups that do not fit together")
    if (!(group.rowCount > 0 && group.rowCount <= maxGroupRows && group.byteCount <= maxGroupBytes))
      throw foreign("row groups that are larger")
    at += group.byteCount
    rows += group.rowCount
  }
  if (at !== end || rows !== rowCount) throw damaged("row groups that do not fit together")
}

/** The CRC-32 of all that a reader takes from a footer, as text: bits that nobody reads may flip. */
const footerSum = ({ entries, rowCount, groups }: Footer): number =>
  crc32(JSON.stringify([entries, rowCount, groups]))
