import { deserializeTCompactProtocol } from "hyparquet/src/thrift.js"
import { ByteWriter } from "hyparquet-writer/src/bytewriter.js"
import { serializeTCompactProtocol } from "hyparquet-writer/src/thrift.js"
import { constants, crc32, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import { damaged, foreign } from "./problem.ts"
import { maxGroupBytes } from "./schema.ts"

/** Pages, as parquet.thrift of the Parquet format has them: a header, and the bytes it speaks of. */

export interface Page {
  readonly kind: "dictionary" | "values"
  readonly encoding: Encoding
  readonly valueCount: number
  readonly bytes: Uint8Array
}

/** The codes of parquet.thrift's `Encoding`, as far as traces use them. */
export const Encoding = { plain: 0, rle: 3, deltas: 5, dictionary: 8 } as const
export type Encoding = (typeof Encoding)[keyof typeof Encoding]

const pageType = { values: 0, dictionary: 2 } as const

/** Measured: higher levels gain a few per cent and take several times as long. */
const level = 9
const params = { [constants.ZSTD_c_compressionLevel]: level }

/** Pages one behind the other: written all with compression, or all without. */
export const writePages = (pages: ReadonlyArray<Page>, compressed: boolean): ReadonlyArray<Uint8Array> =>
  pages.map((page) => {
    const body = compressed ? zstdCompressSync(page.bytes, { params }) : page.bytes
    const writer = new ByteWriter()
    serializeTCompactProtocol(writer, {
      field_1: pageType[page.kind],
      field_2: page.bytes.length,
      field_3: body.length,
      // Thrift has signed integers only.
      field_4: crc32(body) | 0,
      ...(page.kind === "values"
        ? {
            field_5: {
              field_1: page.valueCount,
              field_2: page.encoding,
              field_3: Encoding.rle,
              field_4: Encoding.rle,
            },
          }
        : { field_7: { field_1: page.valueCount, field_2: page.encoding } }),
    })
    writer.appendBytes(body)
    return writer.getBytes()
  })

/** Reads the pages of a row group, one after the other. */
export class PageReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = plain(bytes)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** The next page, which ends before `end`, decompressed: memory that is its own, or the row group's. */
  next(compressed: boolean, end: number): Page {
    const reader = { view: this.#view, offset: this.#at }
    const header = deserializeTCompactProtocol(reader)
    const kind =
      header.field_1 === pageType.values
        ? "values"
        : header.field_1 === pageType.dictionary
          ? "dictionary"
          : undefined
    const about = kind === "values" ? header.field_5 : header.field_7
    if (kind === undefined || about === undefined) throw foreign("pages of another kind")
    if (kind === "values" && about.field_3 !== Encoding.rle) throw foreign("levels of another encoding")
    const length = header.field_3
    if (!(length >= 0 && reader.offset + length <= end)) throw damaged("a page that is too long")
    const body = this.#bytes.subarray(reader.offset, reader.offset + length)
    this.#at = reader.offset + length
    const bytes = compressed ? inflated(body, header.field_2) : body
    if (bytes.length !== header.field_2) throw damaged("a page of another length")
    return { kind, encoding: about.field_2, valueCount: about.field_1, bytes }
  }
}

/** Decompresses a page into memory of the size that its header names; it must be no other. */
const inflated = (body: Uint8Array, length: number): Uint8Array => {
  if (!(length > 0 && length <= maxGroupBytes)) throw damaged("a page of no possible length")
  try {
    // One byte more than needed, so that zlib sees the end without a second buffer.
    return plain(zstdDecompressSync(body, { chunkSize: Math.max(64, length + 1), maxOutputLength: length }))
  } catch {
    throw damaged("a page that zstd cannot decompress")
  }
}

/** The same memory as no Buffer: V8 compiles the loops over it for one kind of array. */
const plain = ({ buffer, byteOffset, length }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, length)
