import * as fs from "node:fs"

/**
 * The peak memory of this process, in megabytes. Linux counts what its parent had into `ru_maxrss`, for a process begins as a copy of that; what
 * /proc says begins with the program. It is no TypeScript, so that what the bench runs spends no time on stripping types.
 */
export const peakMegabytes = () => {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync("/proc/self/status", "utf8"))[1]) / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}
