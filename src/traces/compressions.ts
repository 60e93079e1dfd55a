import type { Compression } from "./compression.ts"
import { gzip } from "./gzip.ts"
import { zstd } from "./zstd.ts"

export const compressions: readonly [Compression, ...Array<Compression>] = [gzip, zstd]

/** What bytes are compressed by; undefined: by nothing that is known. */
export const compressionOf = (start: Uint8Array): Compression | undefined =>
  compressions.find(({ recognises }) => recognises(start))
