import type { Compression } from "./compression.ts"
import { compressions } from "./compressions.ts"
import { formNames } from "./form-names.ts"
import { formats, type TraceFormat } from "./formats.ts"

/** How a trace is written into a file. */
export interface FileForm {
  /** Of {@link formNames}. */
  readonly name: string
  readonly format: TraceFormat
  readonly compression: Compression | undefined
}

export const fileForms: ReadonlyArray<FileForm> = formNames.map((name) => ({
  name,
  format: formats.find((format) => format.name === name.split(".")[0])!,
  compression: compressions.find(({ suffix }) => name.endsWith(suffix)),
}))

/** The form that the name of a file promises; undefined: none. */
export const fileFormOf = (path: string): FileForm | undefined =>
  fileForms.find(({ name }) => path.toLowerCase().endsWith(`.${name}`))
