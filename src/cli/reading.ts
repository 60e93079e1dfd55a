import { commandLine } from "../domain/text.ts"

/** How the user wants traces to be read. */
export interface Reading {
  readonly allowTorn: boolean
  /** How much compressed data may decompress to; undefined: the reader's own bound. */
  readonly maxInflatedBytes: number | undefined
}

/** The words of a command line that read a trace in the same way. */
export const readingWords = ({ allowTorn, maxInflatedBytes }: Reading): ReadonlyArray<string> => [
  ...(allowTorn ? ["--allow-torn"] : []),
  ...(maxInflatedBytes === undefined ? [] : ["--max-inflated", String(maxInflatedBytes)]),
]

/** The command that shows the runs of traces again, to be pasted into a shell: `words` are the command's own flags. */
export const commandAgain = (
  command: string,
  words: ReadonlyArray<string>,
  reading: Reading,
  ...traces: ReadonlyArray<string>
): string => {
  // A name that looks like a flag is none behind `--`; a lone dash is standard input.
  const end = traces.some((trace) => trace.startsWith("-") && trace !== "-") ? ["--"] : []
  return commandLine(["wakediff", command, ...words, ...readingWords(reading), ...end, ...traces])
}
