/** How far the reading of a trace is. The reader writes it, in place; whoever draws only looks. */
export interface ReadProgress {
  /** Rows read so far; a reader adds to it, so that several traces may share one. */
  rows: number
  /** Bytes of the trace that is being read now, as they come from the disk: compressed where it is. */
  bytes: number
  /** How many there are; 0 where nobody knows: a pipe. */
  totalBytes: number
}
