/** What is to be kept of a trace while it shrinks: the words for it, and what they mean. */
import {
  changeNames,
  endingNames,
  wakeClasses,
  type Change,
  type Ending,
  type WakeClass,
} from "../../domain/wait.ts"

/** What the user asks to keep. */
export type Finding =
  | { readonly _tag: "deviation" }
  | { readonly _tag: "undefined" }
  | { readonly _tag: "ending"; readonly ending: Ending; readonly requester: string | undefined }
  | { readonly _tag: "wake"; readonly wake: WakeClass }
  | { readonly _tag: "difference"; readonly change: Change | undefined }

const dashed = (name: string): string => name.replaceAll(" ", "-")
const wakeNames = wakeClasses.map(({ name }) => name)

/** Every form of a finding, with its words, for help and errors. */
export const findingForms: ReadonlyArray<{ readonly form: string; readonly meaning: string }> = [
  { form: "deviation", meaning: "the trace deviates, with the same kind of deviation and part first" },
  {
    form: "ending:ENDING[@REQUESTER]",
    meaning: `a wait that ends so: ${endingNames.map(dashed).join(", ")}; @a2: of this requester`,
  },
  { form: "wake:CLASS", meaning: `a wake of this class: ${wakeNames.join(", ")}` },
  {
    form: "difference[:CHANGE]",
    meaning: `--under and --beside differ in a wait or a wake; in a wait so: ${changeNames.filter((name) => name !== "same").join(", ")}`,
  },
  { form: "undefined", meaning: "the replay reaches what C does not define" },
]

/** A text that names no finding: which word is wrong, and which there are. */
export interface FindingFailure {
  readonly _tag: "NoFinding"
  readonly what: string
  readonly word: string
  readonly known: ReadonlyArray<string>
}

export const isFindingFailure = (value: Finding | FindingFailure): value is FindingFailure =>
  value._tag === "NoFinding"

const failure = (what: string, word: string, known: ReadonlyArray<string>): FindingFailure => ({
  _tag: "NoFinding",
  what,
  word,
  known,
})

/** Reads `--keep`. */
export const parseFinding = (text: string): Finding | FindingFailure => {
  const colon = text.indexOf(":")
  const head = colon < 0 ? text : text.slice(0, colon)
  const rest = colon < 0 ? undefined : text.slice(colon + 1)
  if (head === "ending") return parseEnding(rest ?? "")
  if (head === "wake") {
    const wake = wakeNames.find((name) => name === rest)
    return wake === undefined ? failure("class of wakes", rest ?? "", wakeNames) : { _tag: "wake", wake }
  }
  if (head === "difference") {
    const change = changeNames.find((name) => name === rest && name !== "same")
    return rest !== undefined && change === undefined
      ? failure(
          "change of a wait",
          rest,
          changeNames.filter((name) => name !== "same"),
        )
      : { _tag: "difference", change }
  }
  if (rest === undefined && (head === "deviation" || head === "undefined")) return { _tag: head }
  return failure(
    "finding",
    text,
    findingForms.map(({ form }) => form),
  )
}

const parseEnding = (words: string): Finding | FindingFailure => {
  const at = words.indexOf("@")
  const name = at < 0 ? words : words.slice(0, at)
  const requester = at < 0 ? undefined : words.slice(at + 1)
  const ending = endingNames.find((known) => dashed(known) === name)
  if (ending === undefined) return failure("ending", name, endingNames.map(dashed))
  if (requester !== undefined && !/^[sax][0-9]{1,10}$/.test(requester))
    return failure("requester", requester, ["s12", "a7", "x2"])
  return { _tag: "ending", ending, requester }
}

/** The words of a finding, as `--keep` reads them. */
export const findingText = (finding: Finding): string => {
  switch (finding._tag) {
    case "ending": {
      const whose = finding.requester === undefined ? "" : `@${finding.requester}`
      return `ending:${dashed(finding.ending)}${whose}`
    }
    case "wake":
      return `wake:${finding.wake}`
    case "difference":
      return finding.change === undefined ? "difference" : `difference:${finding.change}`
    default:
      return finding._tag
  }
}
