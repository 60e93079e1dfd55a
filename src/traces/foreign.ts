import { isUtf8 } from "node:buffer"
import { compressionOf } from "./compressions.ts"

/** What users may mistake for a trace, by its first bytes. */
const signatures: ReadonlyArray<readonly [bytes: ReadonlyArray<number>, name: string]> = [
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz-compressed data"],
  [[0x42, 0x5a, 0x68], "bzip2-compressed data"],
  [[0x50, 0x4b, 0x03, 0x04], "a zip archive"],
  [[0x7f, 0x45, 0x4c, 0x46], "an ELF binary"],
  [[0x89, 0x50, 0x4e, 0x47], "a PNG image"],
  [[0xff, 0xfe], "UTF-16 text"],
  [[0xfe, 0xff], "UTF-16 text"],
]

/** What the first bytes of a file, decompressed, show it to be where that is not text; undefined for text. */
export const foreignData = (start: Uint8Array): string | undefined => {
  const compression = compressionOf(start)
  if (compression !== undefined) return `${compression.name} data that is compressed once more`
  const known = signatures.find(([bytes]) => bytes.every((byte, at) => start[at] === byte))
  if (known !== undefined) return known[1]
  if (start.includes(0)) return "binary data"
  // The last character may be cut.
  const whole = [0, 1, 2, 3].some((cut) => isUtf8(start.subarray(0, start.length - cut)))
  const firstLineEnd = start.indexOf(0x0a)
  return whole || (firstLineEnd >= 0 && isUtf8(start.subarray(0, firstLineEnd))) ? undefined : "binary data"
}
