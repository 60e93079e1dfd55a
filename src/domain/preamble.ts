/** What the preamble of a trace says; numbers are C unsigned ints. */
export interface Preamble {
  /** `tune.buffers.limit`: the pool's hard limit, 0 = none. */
  readonly limit: number
  /** `tune.buffers.reserve`: buffers kept for responses, at least 2. */
  readonly reserve: number
  /** `pool.allocated` before the first row. */
  readonly allocated: number
  /** `pool.used` before the first row. */
  readonly used: number
  /** `run_queue.tasks`: tasks in the run queue before the first row, whose ids are not known. */
  readonly runQueueTasks: number
  /** `counters.applets`: whether the build counts active applets, so that `applet_rq` means something. */
  readonly countsApplets: boolean
  /** Every key as it is written, the unknown ones too, in the file's order. Untrusted text. */
  readonly entries: ReadonlyArray<readonly [key: string, value: string]>
}

/** The value of a preamble key as it is written, where the trace has it. */
export const preambleValue = (preamble: Preamble, key: string): string | undefined =>
  preamble.entries.find(([name]) => name === key)?.[1]
