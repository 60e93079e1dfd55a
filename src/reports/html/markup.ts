import { inert } from "../../domain/text.ts"

/** HTML whose texts are inert: whatever is put into a template is text, unless it is markup itself. */
export interface Markup {
  readonly html: string
}
type Part = string | number | null | Markup | ReadonlyArray<Part>

/** A template of HTML. Null is nothing, a list is its parts one after the other. Attributes must be in double quotes. */
export const markup = (pieces: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Markup => ({
  html: pieces.map((piece, at) => (at === 0 ? piece : htmlOf(parts[at - 1]!) + piece)).join(""),
})

const htmlOf = (part: Part): string => {
  if (part === null) return ""
  if (typeof part === "number") return String(part)
  if (typeof part === "string") return escaped(part)
  if ("html" in part) return part.html
  return part.map(htmlOf).join("")
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

const escaped = (text: string): string => inert(text).replace(/[&<>"']/g, (character) => entities[character]!)

/** What we wrote ourselves, as it is: a style, a script, an icon. */
export const raw = (html: string): Markup => ({ html })

/** A value as JSON for a `<script type="application/json">`: nothing in it can end the element, and every text is inert. */
export const json = (value: unknown): Markup => ({
  html: JSON.stringify(value, (_, one: unknown) => (typeof one === "string" ? inert(one) : one)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  ),
})
