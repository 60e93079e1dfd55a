import { availableParallelism } from "node:os"
import { openBatch, type RowBatch } from "../../domain/batch.ts"
import { EntityTable } from "../../domain/entity.ts"
import { BadTrace, quoted } from "../../domain/errors.ts"
import type { ByteRange, PieceDecoder, PieceOptions, ReadAhead } from "../decoder.ts"
import { preambleLine, readPreamble } from "../preamble.ts"
import { footerLength, readFooter, tailBytes, type Footer } from "./footer.ts"
import { readingThread } from "./ahead.ts"
import { readGroup, type RawGroup } from "./group-reader.ts"
import { ColumnarProblem, damaged, foreign, forged } from "./problem.ts"
import { magic, maxFooterBytes } from "./schema.ts"
import { Settler, type GrowingHead } from "./settle.ts"

/** A thread takes as long to start as so many rows to read. */
const worthwhileRows = 1_000_000

/** Decodes a trace in Parquet: first the end of the file, where its metadata is, then its row groups, each a batch. */
export class ParquetDecoder implements PieceDecoder {
  wants: ByteRange | undefined
  readonly #name: string
  readonly #fileBytes: number
  readonly #options: PieceOptions
  /** That of the last batch, where it may be used again. */
  #used: ArrayBuffer | undefined
  #footerAt = 0
  #footer: Footer | undefined
  #settler: Settler | undefined
  #rowCount = 0
  /** How many row groups have been read. */
  #groupCount = 0

  constructor(name: string, fileBytes: number, options: PieceOptions) {
    this.#options = options
    this.#name = name
    this.#fileBytes = fileBytes
    const offset = Math.max(0, fileBytes - tailBytes)
    this.wants = { offset, length: fileBytes - offset }
  }

  take(bytes: Uint8Array): ReadonlyArray<RowBatch> {
    return this.#guarded(() => {
      if (this.#footerAt === 0) {
        this.#footerAt = this.#tail(bytes)
        return []
      }
      if (this.#footer === undefined) return [this.#head(readFooter(bytes, this.#footerAt))]
      const group = this.#footer.groups[this.#groupCount]!
      return [this.#settle(readGroup(group, bytes, this.#rowCount, this.#used))]
    })
  }

  readAhead(descriptor: number): ReadAhead | undefined {
    const { groups, rowCount } = this.#footer!
    if (rowCount < worthwhileRows || availableParallelism() < 2) return undefined
    const thread = readingThread({ descriptor, groups })
    return {
      next: async () => {
        const read = await thread.next(this.#used)
        return this.#guarded(() => {
          if ("problem" in read)
            throw new ColumnarProblem(read.problem.expected, read.problem.found, read.problem.advice)
          return [this.#settle(read)]
        })
      },
      close: () => thread.close(),
    }
  }

  #guarded<A>(run: () => A): A {
    try {
      return run()
    } catch (problem) {
      if (problem instanceof ColumnarProblem) throw this.#bad(problem)
      throw problem
    }
  }

  #settle(raw: RawGroup): RowBatch {
    const batch = this.#settler!.settle(raw)
    this.#rowCount += batch.rowCount
    this.#groupCount++
    this.#wantNext(this.#footer!)
    if (this.#options.reuse) this.#used = batch.timeUs.buffer as ArrayBuffer
    return batch
  }

  /** Where the footer begins. */
  #tail(bytes: Uint8Array): number {
    const length = bytes.length < tailBytes ? undefined : footerLength(bytes)
    if (length === undefined) throw damaged("one that is cut off: its end is missing")
    const offset = this.#fileBytes - tailBytes - length
    if (offset < magic.length || length > maxFooterBytes) throw damaged("metadata that is damaged")
    this.wants = { offset, length: length + tailBytes }
    return offset
  }

  /** The first batch has no rows, and the head. */
  #head(footer: Footer): RowBatch {
    const head = headOf(this.#name, footer.entries)
    this.#footer = footer
    this.#settler = new Settler(head)
    this.#wantNext(footer)
    return openBatch(head, 0, 0)
  }

  #wantNext({ groups }: Footer): void {
    const group = groups[this.#groupCount]
    this.wants = group && { offset: group.offset, length: group.byteCount }
  }

  #bad({ expected, found, advice }: ColumnarProblem): BadTrace {
    const place = this.#settler === undefined ? "" : `, in row group ${this.#groupCount + 1}`
    return new BadTrace({
      trace: this.#name,
      line: 0,
      column: 0,
      cell: undefined,
      expected,
      found: found + place,
      advice,
    })
  }
}

const headOf = (name: string, entries: Footer["entries"]): GrowingHead => {
  for (const [key, value] of entries) {
    const read = preambleLine(`# ${key}: ${value}`)
    if (read?.[0] !== key || read[1] !== value || /[\r\n]/.test(key + value))
      throw foreign(`metadata that fits no line of a preamble, ${quoted(`${key}: ${value}`)}`)
  }
  const preamble = readPreamble(entries)
  if ("entry" in preamble) {
    const found = preamble.found ?? quoted(entries[preamble.entry]?.[1] ?? "")
    throw forged(`${preamble.expected}, for ${quoted(preamble.key)}`, found)
  }
  return { name, preamble, entities: new EntityTable(), appletNames: [] }
}
