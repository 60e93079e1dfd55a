/** Traces made on the spot, and the error with which they are refused. */
import { Effect, Stream } from "effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { afterAll, expect } from "vitest"
import { BadTrace } from "../../src/domain/errors.ts"
import { inert } from "../../src/domain/text.ts"
import { readTrace, type ReadOptions } from "../../src/traces/read.ts"

export const preamble = [
  "# wakediff trace 1",
  "# tune.buffers.limit: 5",
  "# tune.buffers.reserve: 2",
  "# pool.allocated: 3",
  "# pool.used: 0",
  "",
].join("\n")
export const header =
  "seq,time_us,event,entity,owner,site,side,margin,req,res,result,avail,threshold,allocated,used,task_rq,applet_rq\n"
export const row = (seq: number): string => `${seq},${seq},task_run,t1,,,,,,,,,,,,,\n`
/** A trace of two rows, on lines 7 and 8. */
export const small = preamble + header + row(0) + row(1)

/** A folder for the files of one test file; it is removed behind the tests. */
export const temporaryFolder = (): {
  path: string
  file: (name: string, content: Uint8Array | string) => string
} => {
  const path = mkdtempSync(`${tmpdir()}/wakediff-test-`)
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return {
    path,
    file: (name, content) => {
      writeFileSync(`${path}/${name}`, content)
      return `${path}/${name}`
    },
  }
}

/** The error with which a trace is refused; it must be a `BadTrace` with an inert message of one line. */
export const refused = async (path: string, options?: ReadOptions): Promise<BadTrace> => {
  const error = await Effect.runPromise(Effect.flip(Stream.runDrain(readTrace(path, options))))
  expect(error).toBeInstanceOf(BadTrace)
  expect(error.exitCode).toBe(3)
  expect(error.message).toBe(inert(error.message))
  return error
}

export const expectRefusal = async (path: string, text: string, options?: ReadOptions): Promise<void> => {
  expect((await refused(path, options)).message).toBe(`${path}${text}`)
}

export const rowCountOf = (path: string, options?: ReadOptions): Promise<number> =>
  Effect.runPromise(
    Stream.runFold(
      readTrace(path, options),
      () => 0,
      (rows, batch) => rows + batch.rowCount,
    ),
  )
