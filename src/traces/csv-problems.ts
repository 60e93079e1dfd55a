import { formOf } from "../domain/row-forms.ts"
import { eventNames, siteNames, type ColumnName } from "../domain/vocabulary.ts"
import { unsigned } from "./cells.ts"

/** A row that cannot be read; the decoder turns it into an error that names file, line and column. */
export class CellProblem {
  /** The index of the record in its block. */
  readonly record: number
  /** The cell; undefined where the row as a whole is wrong, and `found` is then in words. */
  readonly cell: ColumnName | undefined
  readonly expected: string
  readonly found: string
  constructor(record: number, cell: ColumnName | undefined, expected: string, found: string) {
    this.record = record
    this.cell = cell
    this.expected = expected
    this.found = found
  }
}

export const wrongWidth = (i: number, width: number, record: ReadonlyArray<string>): CellProblem => {
  const empty = record.length === 0 || (record.length === 1 && record[0] === "")
  const found = empty
    ? "an empty line"
    : record.length === 1
      ? "a row of 1 cell"
      : `a row of ${record.length} cells`
  return new CellProblem(i, undefined, `a row of ${width} cells, as the header line has`, found)
}

export const wrongSeq = (i: number, next: number, text: string): CellProblem => {
  const expected = next === 0 ? "0, as rows count from 0" : `${next}, as rows count without a gap`
  const number = unsigned(text, Number.MAX_SAFE_INTEGER)
  return new CellProblem(i, "seq", expected, number < 0 ? text : String(number))
}

export const unknownEvent = (i: number, text: string): CellProblem =>
  new CellProblem(i, "event", `one of ${either(eventNames)}`, text)

export const missingCell = (i: number, cell: ColumnName, event: number): CellProblem => {
  const what = cell === "entity" || cell === "owner" ? "an id" : "a value"
  return new CellProblem(i, cell, `${what}, which every ${eventNames[event]!} row has`, "")
}

export const wrongSite = (i: number, event: number, text: string): CellProblem => {
  const { sites } = formOf[event]!
  const words = sites === undefined || sites === "applet name" ? siteNames : sites
  return new CellProblem(i, "site", oneOf(words, event), text)
}

/** The words that a cell may hold where the event is this one. */
export const oneOf = (words: ReadonlyArray<string>, event: number): string =>
  `${either(words)} where the event is ${eventNames[event]!}`

/** `a, b or c`; the empty word is nothing, and comes last. */
export const either = (words: ReadonlyArray<string>): string => {
  const shown = words.filter((word) => word !== "")
  if (shown.length < words.length) shown.push("nothing")
  const last = shown.pop() ?? "nothing"
  return shown.length === 0 ? last : `${shown.join(", ")} or ${last}`
}

/** `an applet`, `a stream or a task`. */
export const anyOf = (nouns: ReadonlyArray<string>): string =>
  nouns.map((noun) => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`)).join(" or ")
