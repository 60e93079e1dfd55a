import type { Transform } from "node:stream"

/** What a trace may be compressed by: one value in one file, and a line in `compressions.ts`. */
export interface Compression {
  readonly name: string
  /** How the name of a file ends that holds such data. */
  readonly suffix: string
  /** The command that tests such a file. */
  readonly test: string
  /** Whether bytes are the beginning of such data. */
  readonly recognises: (start: Uint8Array) => boolean
  /** Decompresses, `chunkBytes` at a time. */
  readonly inflater: (chunkBytes: number) => Inflater
  /** Cuts blocks of data where the inflater needs them cut; may end early where something else begins. */
  readonly pieces: (blocks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>
  /** What an error of the inflater says of the data. */
  readonly fault: (error: InflateError) => Fault
  /** Compresses: the same bytes for the same input, with a checksum. */
  readonly deflater: () => Transform
}

export interface Inflater extends Transform {
  /** How many bytes of what it was given belong to the data. */
  readonly bytesWritten: number
}

/** An error as Node's zlib makes it. */
export interface InflateError extends Error {
  readonly code: string
}

/** What is wrong with compressed data. Where there is an `advice`, it is sound for all we know, and not for us. */
export interface Fault {
  readonly found: string
  readonly advice?: string
}

// The faults that every compression has.
export const cutOff: Fault = { found: "data that is cut off" }
export const wrongChecksum: Fault = { found: "damaged data: its checksum is wrong" }
export const somethingBehind: Fault = { found: "something else behind it" }
