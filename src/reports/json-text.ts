// What JSON.stringify leaves as it is and a terminal acts on: DEL, C1 controls, format characters, odd separators. And what
// some CI systems take for a command, wherever in a line it is.
const active = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]|#(?=#(?:\[|vso\[|teamcity\[))/gu

/** A list of numbers as JSON.stringify spreads it: a string never holds a line break of its own. */
const spread = /\[\n\s+(-?\d[-+.\de,\s]*?)\n\s+\]/g

/** Indented JSON, a list of numbers on one line; characters that a terminal or a CI log would act on are escaped, and read back as they were. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .replaceAll(spread, (_, numbers: string) => `[${numbers.replaceAll(/\s+/g, " ")}]`)
    .replaceAll(active, (character) =>
      character
        .split("")
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
        .join(""),
    )
