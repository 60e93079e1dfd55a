import { columnNames, type ColumnName } from "../../domain/vocabulary.ts"

/** The layout of a columnar trace: `docs/columnar.md`. It is fixed: these columns, of these types, in this order. */

/** How a column's values are written; all of them may be missing but those of `deltas`, and events. */
export type ColumnKind = "deltas" | "words" | "ids" | "sites" | "signed" | "unsigned"

export interface ColumnForm {
  readonly name: ColumnName
  readonly kind: ColumnKind
  readonly optional: boolean
}

const kinds: Readonly<Record<ColumnName, ColumnKind>> = {
  seq: "deltas",
  time_us: "deltas",
  event: "words",
  entity: "ids",
  owner: "ids",
  site: "sites",
  side: "words",
  margin: "signed",
  req: "words",
  res: "words",
  result: "words",
  avail: "signed",
  threshold: "unsigned",
  allocated: "unsigned",
  used: "unsigned",
  task_rq: "unsigned",
  applet_rq: "unsigned",
}

export const columns: ReadonlyArray<ColumnForm> = columnNames.map((name) => ({
  name,
  kind: kinds[name],
  optional: kinds[name] !== "deltas" && name !== "event",
}))

/** Whether a column holds texts; the others hold numbers. */
export const isText = (kind: ColumnKind): boolean => kind === "words" || kind === "ids" || kind === "sites"

/** The first and the last bytes of every Parquet file. */
export const magic: Uint8Array = Buffer.from("PAR1")

/** The first keys of the file's metadata; those of the preamble follow, in its order. */
export const versionKey = "wakediff.trace"
export const version = "1"
/** The CRC-32 of each row group's bytes, eight hexadecimal digits each, with a space between them. */
export const groupSumsKey = "wakediff.crc32.row_groups"
/** The CRC-32 of what the reader takes from the file's metadata: `footer.ts`, `footerSum`. */
export const footerSumKey = "wakediff.crc32.metadata"

/**
 * Rows of a row group, which is what the reader decodes at a time and hands on as one batch. Measured, 20 to 100 thousand: fewer rows make the
 * file larger and cost a fifth more time, for each page has a fixed cost; more gain nothing. It is odd for the reason that csv-rows.ts gives.
 */
export const groupRows = 50_021

/** Bounds of what is read, whatever the file says: they bound the memory. */
export const maxGroupRows = 1 << 20
export const maxGroupBytes = 128 << 20
export const maxFooterBytes = 64 << 20
