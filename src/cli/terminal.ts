/** What the terminal can do, and the few styles that the commands use. */

import { plain, type Paint, type Style } from "../domain/style.ts"

interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Whether to colour what goes to this stream: only a terminal, and never with NO_COLOR, which wins over
 * FORCE_COLOR; TERM=dumb is no terminal.
 */
export function hasColours(output: Output = process.stdout, env: Environment = process.env): boolean {
  if (env["NO_COLOR"]) return false
  const forced = env["FORCE_COLOR"]
  if (forced !== undefined) return forced !== "0" && forced !== "false"
  return output.isTTY === true && env["TERM"] !== "dumb"
}

const sgr =
  (on: number, off: number): Paint =>
  (text) =>
    `\x1b[${on}m${text}\x1b[${off}m`

const coloured: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  cyan: sgr(36, 39),
}

/** The styles for a stream; without colours every one of them returns its text as it is. */
export function styleOf(output: Output = process.stdout, env: Environment = process.env): Style {
  return hasColours(output, env) ? coloured : plain
}

/** Columns of the terminal, at least 40; 100 where the stream is none, so that files do not depend on who wrote them. */
export function terminalWidth(output: Output = process.stdout): number {
  return output.isTTY === true && output.columns ? Math.max(40, output.columns) : 100
}
