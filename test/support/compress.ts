import { constants, gzipSync, zstdCompressSync } from "node:zlib"
import type { Compression } from "../../src/traces/compression.ts"
import { compressions } from "../../src/traces/compressions.ts"

/** Compresses a text, by the name of the compression: as its usual tool does, with a checksum. */
const byName: Readonly<Record<string, (bytes: Buffer | string) => Buffer>> = {
  gzip: gzipSync,
  zstd: (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
}

interface Compressor extends Compression {
  readonly compress: (bytes: Buffer | string) => Buffer
}

/** Every compression, and how a test makes data of it. */
export const compressors: ReadonlyArray<Compressor> = compressions.map((compression) =>
  Object.assign({ compress: byName[compression.name]! }, compression),
)
