/** Where the page is: `#trace-1` or `#trace-1.lane-2.wait-18`. All three count from 1 there, and from 0 here. */
export interface Target {
  readonly trace: number
  readonly wait: { readonly lane: number; readonly wait: number } | null
}

const pattern = /^#trace-([1-9]\d{0,6})(?:\.lane-([12])\.wait-([1-9]\d{0,6}))?$/

/** Null where a hash names no trace. */
export const targetOf = (hash: string): Target | null => {
  const found = pattern.exec(hash)
  if (found === null) return null
  const [, trace, lane, wait] = found
  return {
    trace: Number(trace) - 1,
    wait: lane === undefined ? null : { lane: Number(lane) - 1, wait: Number(wait) - 1 },
  }
}

export const hashOf = ({ trace, wait }: Target): string =>
  `#trace-${trace + 1}${wait === null ? "" : `.lane-${wait.lane + 1}.wait-${wait.wait + 1}`}`
