/** How many bytes each part of zstd data has that says how long the rest is. */
const partBytes = { magic: 4, length: 4, descriptor: 1, block: 3 } as const

/** The type of a block that is one byte, repeated. */
const repeatedByte = 1

/**
 * Where the frames of zstd data end (RFC 8878, section 3.1), told without decompressing: a frame is a header, blocks that say their
 * lengths, and perhaps a checksum; a skippable frame says its length.
 */
export class ZstdFrames {
  #part: keyof typeof partBytes = "magic"
  /** What has come of the part. */
  #got: Array<number> = []
  /** How many bytes stand before the part that say nothing. */
  #skip = 0
  #checksumBytes = 0

  /** How many of these bytes, which follow those given before, are of the present frame; 0 where none begins with them. */
  take(bytes: Uint8Array): number {
    for (let at = 0; at < bytes.length;) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, bytes.length - at)
        this.#skip -= skipped
        at += skipped
      } else {
        this.#got.push(bytes[at++]!)
        if (this.#part === "magic" && !isFrameStart(this.#got)) return 0
        if (this.#got.length === partBytes[this.#part]) this.#next()
      }
      if (this.#part === "magic" && this.#got.length + this.#skip === 0) return at
    }
    return bytes.length
  }

  /** Goes on to the next part, by what the present one says. */
  #next(): void {
    const [first = 0] = this.#got
    const number = this.#got.reduceRight((sum, byte) => sum * 256 + byte, 0)
    this.#got = []
    switch (this.#part) {
      case "magic":
        this.#part = isSkippable(first) ? "length" : "descriptor"
        break
      case "length":
        this.#skip = number
        this.#part = "magic"
        break
      case "descriptor":
        this.#skip = headerBytes(number)
        this.#checksumBytes = number & 4
        this.#part = "block"
        break
      case "block": {
        const isLast = (number & 1) === 1
        this.#skip = ((number >> 1) & 3) === repeatedByte ? 1 : number >> 3
        if (isLast) this.#skip += this.#checksumBytes
        this.#part = isLast ? "magic" : "block"
      }
    }
  }
}

/** How long a frame's header is behind its descriptor: a window, the number of a dictionary, the content's size. */
const headerBytes = (descriptor: number): number => {
  const isOneSegment = ((descriptor >> 5) & 1) === 1
  const windowBytes = isOneSegment ? 0 : 1
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!
  const sizeBytes = [isOneSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!
  return windowBytes + dictionaryBytes + sizeBytes
}

/** Whether a frame may begin with these bytes, as far as they go; a skippable one does with 0x50 to 0x5f. */
export const isFrameStart = (start: ArrayLike<number>): boolean => {
  const first = start[0]!
  const magic = isSkippable(first) ? [first, 0x2a, 0x4d, 0x18] : [0x28, 0xb5, 0x2f, 0xfd]
  return magic.every((byte, at) => at >= start.length || byte === start[at])
}

const isSkippable = (firstByte: number): boolean => firstByte >> 4 === 5
