import { jsonText } from "../json-text.ts"
import type { Renderer } from "../kinds.ts"

/** The whole document: what `--json` prints, and the timelines. */
export const json: Renderer = ({ document }) => ({ file: `${jsonText(document)}\n` })
