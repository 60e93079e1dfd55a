/** Readers of the report kinds, as strict as those that will read them, and what they make of a text. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import ajvDraft04 from "ajv-draft-04"
import { micromark } from "micromark"
import { gfm, gfmHtml } from "micromark-extension-gfm"
import { SaxesParser } from "saxes"
import { validateXML } from "xmllint-wasm"

const published = (name: string): string =>
  readFileSync(join(import.meta.dirname, "..", "published", name), "utf8")

/** Markdown as GitHub renders it: CommonMark and its own extensions; raw HTML is let through, so that it is seen. */
export const rendered = (page: string): string =>
  micromark(page, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&amp;": "&",
}

export interface Page {
  /** Every tag, in order; but the spans around dollars, which hold nothing else. */
  readonly tags: ReadonlyArray<string>
  /** The texts between two tags that are not in a block of code. */
  readonly texts: ReadonlyArray<string>
  /** The blocks of code. */
  readonly blocks: ReadonlyArray<string>
}

/** What a page is made of, once it is rendered. */
export const pageOf = (markdown: string): Page => {
  const html = rendered(markdown)
  const pieces = html.split(/(<[^>]*>)/)
  const tags: Array<string> = []
  const texts: Array<string> = []
  const blocks: Array<string> = []
  let isCode = false
  for (const [at, piece] of pieces.entries()) {
    if (at % 2 === 1) {
      if (/<\/?code>/.test(piece)) isCode = piece === "<code>"
      if (!/<\/?span>/.test(piece)) tags.push(piece)
    } else {
      const text = piece.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (name) => entities[name]!)
      ;(isCode ? blocks : texts).push(text)
    }
  }
  return { tags, texts, blocks }
}

export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Array<XmlElement>
  text: string
}

/** An XML document; throws where it is none. */
export const parsedXml = (xml: string): XmlElement => {
  const top: XmlElement = { name: "", attributes: {}, children: [], text: "" }
  const open = [top]
  const parser = new SaxesParser()
  parser.on("error", (error) => {
    throw error
  })
  parser.on("opentag", ({ name, attributes }) => {
    const one: XmlElement = { name, attributes: attributes as Record<string, string>, children: [], text: "" }
    open.at(-1)!.children.push(one)
    open.push(one)
  })
  parser.on("closetag", () => void open.pop())
  parser.on("text", (text) => {
    open.at(-1)!.text += text
  })
  parser.write(xml).close()
  return top.children[0]!
}

/** Every element of a name, in order. */
export const elementsOf = (element: XmlElement, name: string): ReadonlyArray<XmlElement> => [
  ...(element.name === name ? [element] : []),
  ...element.children.flatMap((child) => elementsOf(child, name)),
]

/** What the published schema says against JUnit results. It does not know the `file` of a case, which GitLab reads. */
export const junitErrors = async (xml: string): Promise<ReadonlyArray<string>> => {
  const known = xml.replaceAll(/(<testcase name="[^"]*" classname="[^"]*") file="[^"]*"/g, "$1")
  const { errors } = await validateXML({
    xml: [{ fileName: "results.xml", contents: known }],
    schema: [published("jenkins-junit.xsd")],
  })
  return errors.map(({ message }) => message)
}

// RFC 3986, appendix B, with the characters that a reference may have; and none that is half encoded.
const uriReference = /^(?:[A-Za-z][\w+.-]*:)?(?:[\w.~!$&'()*+,;=:@/?#-]|%[0-9A-F]{2})*$/

const sarifSchema = new ajvDraft04.default({
  strict: false,
  // The schema's pattern for a language is none in Unicode's mode.
  unicodeRegExp: false,
  allErrors: true,
  formats: { uri: uriReference, "uri-reference": uriReference, "date-time": /^never$/ },
}).compile(JSON.parse(published("sarif-2.1.0-rtm.5.json")))

/** What the published schema says against a SARIF log. */
export const sarifErrors = (log: unknown): ReadonlyArray<string> => {
  sarifSchema(log)
  return (sarifSchema.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
}

export interface WorkflowCommand {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

/** A line of a log as actions/runner reads it (ActionCommand.TryParseV2); null: it is no command. */
export const workflowCommand = (line: string): WorkflowCommand | null => {
  const [, head, data] = /^::(.*?)::(.*)$/s.exec(line.trimStart()) ?? []
  if (head === undefined || data === undefined) return null
  const [, name, list] = /^(\S*) ?(.*)$/s.exec(head)!
  const pairs = list!
    .split(",")
    .filter((pair) => pair.includes("="))
    .map((pair) => [
      pair.slice(0, pair.indexOf("=")).trim(),
      unescaped(pair.slice(pair.indexOf("=") + 1))
        .replaceAll("%3A", ":")
        .replaceAll("%2C", ",")
        .replaceAll("%25", "%"),
    ])
  return { name: name!, properties: Object.fromEntries(pairs), data: unescaped(data).replaceAll("%25", "%") }
}

const unescaped = (text: string): string => text.replaceAll("%0D", "\r").replaceAll("%0A", "\n")
