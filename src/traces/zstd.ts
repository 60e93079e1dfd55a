import { constants, createZstdCompress, createZstdDecompress } from "node:zlib"
import {
  cutOff,
  somethingBehind,
  wrongChecksum,
  type Compression,
  type Fault,
  type InflateError,
} from "./compression.ts"
import { ZstdFrames, isFrameStart } from "./zstd-frames.ts"

/** zstd data (RFC 8878), one frame or several, skippable ones among them. */
export const zstd: Compression = {
  name: "zstd",
  suffix: ".zst",
  test: "zstd -t",
  recognises: (start) => start.length >= 4 && isFrameStart(start),
  inflater: (chunkSize) => createZstdDecompress({ chunkSize }),
  pieces: atFrameEnds,
  fault: (error) => faults[error.code] ?? damaged(error),
  deflater: () => createZstdCompress({ params }),
}

/** Of a trace, level 1 makes less than levels 2 to 7 do, and less than gzip, ten times as fast: measured over `traces/`. */
const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 }

/** Node 24 leaves unread, without a word, what stands behind a frame in the same block: each frame gets blocks of its own. */
async function* atFrameEnds(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const frames = new ZstdFrames()
  for await (const block of blocks) {
    for (let at = 0; at < block.length;) {
      const length = frames.take(block.subarray(at))
      if (length === 0) return
      yield block.subarray(at, at + length)
      at += length
    }
  }
}

const faults: Readonly<Record<string, Fault>> = {
  Z_BUF_ERROR: cutOff,
  ZSTD_error_checksum_wrong: wrongChecksum,
  ZSTD_error_corruption_detected: { found: "damaged data" },
  // The first frame begins as it must, or it would not be zstd: this stands behind the data.
  ZSTD_error_prefix_unknown: somethingBehind,
  ZSTD_error_dictionary_wrong: {
    found: "data that needs a dictionary",
    advice: "Compress it again without one",
  },
  ZSTD_error_frameParameter_windowTooLarge: {
    found: "data with a window of more than 128 MiB",
    advice: "Compress it again without --long",
  },
}

const damaged = ({ message }: InflateError): Fault => ({
  found: `damaged data: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
})
