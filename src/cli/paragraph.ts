import { wrap } from "../reports/wrap.ts"

/** A description for a help page: effect/cli indents its first line by two and breaks none. */
export const paragraph = (text: string): string => wrap(text, 90).join("\n  ")
