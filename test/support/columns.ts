import type { RowBatch } from "../../src/domain/batch.ts"

/** The columns of some batches end to end, as bytes by their names: what two readers of a trace must agree on. */
export const columnsOf = (batches: ReadonlyArray<RowBatch>): Map<string, Buffer> => {
  const parts = new Map<string, Array<Buffer>>()
  for (const batch of batches)
    for (const [name, column] of Object.entries(batch)) {
      if (!ArrayBuffer.isView(column)) continue
      const rows = (column as Uint8Array).subarray(0, batch.rowCount)
      const bytes = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength)
      parts.set(name, [...(parts.get(name) ?? []), bytes])
    }
  return new Map([...parts].map(([name, buffers]) => [name, Buffer.concat(buffers)]))
}

/** All that a reader gives: the columns, and the tables that they refer to. */
export interface Whole {
  readonly columns: Map<string, Buffer>
  readonly rowCount: number
  readonly ids: ReadonlyArray<string>
  readonly appletNames: ReadonlyArray<string>
}

export const wholeOf = (batches: ReadonlyArray<RowBatch>): Whole => {
  const head = batches[0]?.head
  return {
    columns: columnsOf(batches),
    rowCount: batches.reduce((count, batch) => count + batch.rowCount, 0),
    ids: Array.from({ length: head?.entities.count ?? 0 }, (_, slot) => head!.entities.id(slot)),
    appletNames: [...(head?.appletNames ?? [])],
  }
}
