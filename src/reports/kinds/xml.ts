import { inert, spelled } from "../../domain/text.ts"

/** XML as text, with nothing in it that XML 1.0 forbids. */

export type Attributes = Readonly<Record<string, string | number>>

/** An element with other elements in it, each on lines of its own. */
export const element = (name: string, attributes: Attributes, children: ReadonlyArray<string>): string =>
  [`<${name}${attributesText(attributes)}>`, ...children, `</${name}>`].join("\n")

/** An element with lines of text in it, which are the element's text as they are. */
export const textElement = (name: string, attributes: Attributes, lines: ReadonlyArray<string>): string =>
  `<${name}${attributesText(attributes)}>${lines.map(escaped).join("\n")}</${name}>`

const attributesText = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(`${value}`)}"`)
    .join("")

// A greater-than sign, too: `]]>` may not stand in a text.
const special = /[&<>"]/g

// The two characters that XML 1.0 forbids beyond those which are spelled out anyway.
const forbidden = /[\ufffe\uffff]/g

/** An untrusted text for an attribute or within an element: a single line. */
const escaped = (text: string): string =>
  inert(text)
    .replaceAll(forbidden, spelled)
    .replaceAll(special, (character) => `&#${character.codePointAt(0)!};`)
