/** Whatever a trace, a path or a preamble says: a report says it, and nothing of it becomes anything else. */
import { describe, expect, it } from "@effect/vitest"
import { inert, inertLog } from "../src/domain/text.ts"
import { escaped } from "../src/reports/markdown.ts"
import { github } from "../src/reports/kinds/github.ts"
import { junit } from "../src/reports/kinds/junit.ts"
import { markdown } from "../src/reports/kinds/markdown.ts"
import { sarif } from "../src/reports/kinds/sarif.ts"
import {
  elementsOf,
  junitErrors,
  pageOf,
  parsedXml,
  sarifErrors,
  workflowCommand,
  type XmlElement,
} from "./support/kind-judges.ts"
import { hostileView, payloads, view, type Payload } from "./support/views.ts"

const every = Object.keys(payloads) as ReadonlyArray<Payload>
/** Those that leave a text where one was. */
const texts = every.filter((name) => name !== "empty")
/** The same view, of which nobody could want anything. */
const tame = view({}, () => "x")

/**
 * What GitHub and GitLab would link, or replace, in the text of a rendered page: mentions, references, emoji, addresses,
 * formulas, inserted text.
 */
const referring = [
  /@[\w-]/,
  /[#!~%^&*][\w"]/,
  /\b[A-Z]+-\d/,
  /:(?:\d*[A-Za-z_+-][\w+-]*|100|1234):/,
  /\w:\/\//,
  /www\.\w/i,
  /\[(?:\w|\[)/,
  /[{[][+-]/,
  /\$./,
  /.\$/,
]

describe.each([
  ["markdown", markdown],
  ["github", github],
])("the page of the kind %s", (kind, render) => {
  const template = pageOf(render(tame).file)

  it.each(every)("has the template's elements alone, and nothing that becomes one later: %s", (payload) => {
    const { file } = render(hostileView(payload))
    const page = pageOf(file)
    // Nothing is no bold text, and a summary leaves long commands out.
    const isShorter = payload === "empty" || (payload === "long" && kind === "github")
    if (isShorter) expect(page.tags.filter((tag) => !template.tags.includes(tag))).toEqual([])
    else expect(page.tags).toEqual(template.tags)
    expect(page.texts.filter((text) => referring.some((one) => one.test(text)))).toEqual([])
    expect(file.replaceAll(/^(`{3,})\n.*?\n\1$/gms, "")).not.toMatch(/^\s*\//m)
    expect(inertLog(file)).toBe(file)
  })
})

it.each(texts)("a page still says what it was told: %s", (payload) => {
  const { texts: own, blocks } = pageOf(markdown(hostileView(payload)).file)
  const said = inert(payloads[payload])
  expect(own.join("").replaceAll("\u200b", "")).toContain(said.trim())
  expect(blocks.filter((block) => block.split("\n").includes(inertLog(said))).length).toBeGreaterThan(0)
})

it("a text that means nothing in Markdown is as it was", () => {
  for (const text of [
    "1.7-pre-fix (row 5), 5 % of all: -3, 480.189 ms",
    "src/flt_spoe.c:12, a.csv:3:4: no number",
    "s1->req is C#, 2 + 3 - 1! $",
    "größe 東京 🦀 it's",
  ]) {
    expect(escaped(text).replace("<span>&#36;</span>", "$")).toBe(text)
  }
})

const shape = ({ name, attributes, children }: XmlElement): object => ({
  name,
  attributes: Object.keys(attributes),
  children: children.map(shape),
})

/** What XML shows of a text: beyond what is inert anywhere, two characters, and GitLab's and Jenkins' attachments. */
const inXml = (text: string): string =>
  inert(text)
    .replace("\ufffe", String.raw`\u{fffe}`)
    .replace("\uffff", String.raw`\u{ffff}`)
const inXmlText = (text: string): string => inXml(text).replace("[[ATTACHMENT", String.raw`[\x5bATTACHMENT`)

it.each(every)(
  "JUnit results have the template's elements, and say what they were told: %s",
  async (payload) => {
    const xml = junit(hostileView(payload)).file
    const root = parsedXml(xml)
    expect(shape(root)).toEqual(shape(parsedXml(junit(tame).file)))
    expect(await junitErrors(xml)).toEqual([])
    const cases = elementsOf(root, "testcase")
    for (const { attributes } of cases.slice(1)) {
      expect(attributes).toMatchObject({ name: inXml(payloads[payload]), file: inXml(payloads[payload]) })
    }
    const said = inXmlText(payloads[payload])
    for (const name of ["failure", "skipped", "error", "system-out"]) {
      const found = elementsOf(root, name)
      expect(found.length).toBeGreaterThan(0)
      for (const { text } of found) {
        expect(text.split("\n")).toContain(said)
        expect(text).not.toMatch(/\[\[attachment/i)
      }
    }
  },
)

const strings = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : []
}

it.each(every)("a SARIF log is one, and all its texts are inert: %s", (payload) => {
  const { file } = sarif(hostileView(payload))
  const log = JSON.parse(file)
  expect(sarifErrors(log)).toEqual([])
  for (const text of strings(log)) {
    expect(text.split("\n").map(inert).join("\n")).toBe(text)
  }
  const [{ results, invocations }] = log.runs
  for (const { message } of [...results, ...invocations[0].toolExecutionNotifications]) {
    expect(message.text).not.toContain("](")
  }
  expect(results[0].properties.commands[0]).toBe(inert(payloads[payload]))
  const { uri } = results[0].locations[0].physicalLocation.artifactLocation
  const path = payloads[payload].toWellFormed()
  expect(decodeURIComponent(uri)).toBe(path.startsWith("/") ? `file://${path}` : path)
})

it.each(every)("the log for GitHub is annotations alone, a line each: %s", (payload) => {
  const hostile = hostileView(payload)
  const lines = github(hostile).log!.split("\n")
  expect(lines).toHaveLength(github(tame).log!.split("\n").length)
  expect(lines.join("")).not.toMatch(/[\r\u2028\u2029]/)
  for (const line of lines) {
    const command = workflowCommand(line)
    expect(["error", "warning", "notice"]).toContain(command?.name)
    const { file, title, line: at, ...others } = command!.properties
    expect(others).toEqual({})
    expect(title).toMatch(/^wakediff/)
    expect(at ?? "1").toMatch(/^\d+$/)
    if (file === undefined) continue
    expect(file).toBe(inertLog(inert(payloads[payload])))
    if (payload !== "long") {
      expect(command!.data.split("\n")[0]).toBe(inertLog(inert(payloads[payload])))
    }
    expect(inertLog(command!.data)).toBe(command!.data)
  }
})
