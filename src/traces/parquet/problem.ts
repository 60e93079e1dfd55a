/** What is wrong with a columnar trace, in words; whoever catches it knows the file. */
export class ColumnarProblem {
  readonly expected: string
  readonly found: string
  readonly advice: string

  constructor(expected: string, found: string, advice: string) {
    this.expected = expected
    this.found = found
    this.advice = advice
  }
}

/** The bytes are not those that were once written. */
export const damaged = (found: string): ColumnarProblem =>
  new ColumnarProblem("a sound Parquet file", found, "Fetch the file again, or convert the trace again")

/** It is Parquet, and may be sound, but another tool wrote it. */
export const foreign = (found: string): ColumnarProblem =>
  new ColumnarProblem(
    "a trace as 'wakediff convert' writes it",
    found,
    "Only that layout of Parquet is read: export the rows as CSV below a preamble, and convert them",
  )

/** The bytes are as they were written, for the checksums are right; but wakediff, which writes what it has read and checked, would not have written them. */
export const forged = (expected: string, found: string): ColumnarProblem =>
  new ColumnarProblem(expected, found, "Whatever wrote this file, convert the trace again")
