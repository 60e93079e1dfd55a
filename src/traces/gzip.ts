import { createGunzip, createGzip } from "node:zlib"
import { cutOff, somethingBehind, wrongChecksum, type Compression } from "./compression.ts"

/** gzip data (RFC 1952), one member or several. */
export const gzip: Compression = {
  name: "gzip",
  suffix: ".gz",
  test: "gzip -t",
  recognises: (start) => start[0] === 0x1f && start[1] === 0x8b,
  inflater: (chunkSize) => createGunzip({ chunkSize }),
  pieces: (blocks) => blocks,
  fault: ({ code, message }) => {
    if (code === "Z_BUF_ERROR") return cutOff
    // The first header is right, or it would not be gzip: this one stands behind the data.
    if (message === "incorrect header check") return somethingBehind
    if (message === "incorrect data check" || message === "incorrect length check") return wrongChecksum
    return { found: `damaged data: ${message}` }
  },
  // Node writes neither a time nor a name into the header.
  deflater: () => createGzip({ level: 6 }),
}
