import type { Compression } from "./compression.ts"

/** Compresses bytes as they come: the same bytes for the same input, whatever pieces it comes in. */
export interface Deflater {
  /** What is ready when these bytes are compressed. */
  readonly push: (bytes: Uint8Array) => Promise<ReadonlyArray<Uint8Array>>
  /** The rest. */
  readonly end: () => Promise<ReadonlyArray<Uint8Array>>
  /** Gives its memory back, whether it has ended or not. */
  readonly destroy: () => void
}

export const openDeflater = ({ deflater }: Compression): Deflater => {
  const stream = deflater()
  let ready: Array<Uint8Array> = []
  stream.on("data", (bytes: Uint8Array) => ready.push(bytes))
  const taken = (): ReadonlyArray<Uint8Array> => {
    const bytes = ready
    ready = []
    return bytes
  }
  // Whoever waits is told by the calls below.
  stream.on("error", () => undefined)
  // One write at a time, and the end by itself: given together they would make other bytes.
  return {
    push: (bytes) =>
      new Promise((done, failed) => {
        stream.write(bytes, (error) => (error instanceof Error ? failed(error) : done(taken())))
      }),
    end: () =>
      new Promise((done, failed) => {
        stream.once("end", () => done(taken()))
        stream.once("error", failed)
        stream.end()
      }),
    destroy: () => stream.destroy(),
  }
}
