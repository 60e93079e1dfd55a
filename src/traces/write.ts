import type { RowBatch } from "../domain/batch.ts"
import type { Preamble } from "../domain/preamble.ts"
import {
  Present,
  bufferStateNames,
  columnNames,
  eventNames,
  firstAppletName,
  resultNames,
  sideNames,
  siteNames,
} from "../domain/vocabulary.ts"
import { firstLine } from "./preamble.ts"

/**
 * Rows back into the canonical text of `trace-format.md`: the columns in `columnNames` order, "\n" line ends, quotes
 * only where a cell needs them. A canonical trace that is read and written is the same bytes.
 */

/** The preamble and the header line, with their line ends. */
export const writeHead = (preamble: Pick<Preamble, "entries">): string => {
  const entries = preamble.entries.map(([key, value]) => (value === "" ? `# ${key}:` : `# ${key}: ${value}`))
  return `${[firstLine, ...entries, columnNames.join(",")].join("\n")}\n`
}

/** The rows of a batch, each with its line end; an empty text for an empty batch. */
export const writeBatch = (batch: RowBatch): string => {
  const lines: Array<string> = Array.from({ length: batch.rowCount })
  for (let i = 0; i < batch.rowCount; i++) lines[i] = writeRow(batch, i)
  return lines.join("")
}

const writeRow = (batch: RowBatch, i: number): string => {
  const { entities } = batch.head
  const event = batch.event[i]!
  const present = batch.present[i]!
  return (
    `${batch.firstRow + i},${batch.timeUs[i]!},${eventNames[event]!},` +
    `${entities.id(batch.entity[i]!)},${entities.id(batch.owner[i]!)},${siteCell(batch, batch.site[i]!)},` +
    `${sideNames[batch.side[i]!]!},${present & Present.margin ? batch.margin[i]! : ""},` +
    `${bufferStateNames[batch.req[i]!]!},${bufferStateNames[batch.res[i]!]!},${resultNames[batch.result[i]!]!},` +
    `${present & Present.avail ? batch.avail[i]! : ""},${present & Present.threshold ? batch.threshold[i]! : ""},` +
    `${present & Present.allocated ? batch.allocated[i]! : ""},${present & Present.used ? batch.used[i]! : ""},` +
    `${present & Present.taskRq ? batch.taskRq[i]! : ""},${present & Present.appletRq ? batch.appletRq[i]! : ""}\n`
  )
}

const siteCell = (batch: RowBatch, site: number): string =>
  site < firstAppletName ? siteNames[site]! : cell(batch.head.appletNames[site - firstAppletName]!)

/** One cell, quoted where it must be: applet names are the only free text of a row. */
export const cell = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
