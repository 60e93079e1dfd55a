import { compressors } from "./compress.ts"
import type { Random } from "./random.ts"

/** A way to damage a trace: its text (plain CSV) in, other bytes out. */
export interface Damage {
  readonly name: string
  /** How often it is chosen, among all. */
  readonly weight: number
  readonly apply: (text: Buffer, random: Random) => Buffer
}

const flipBits = (bytes: Buffer, random: Random, count: number): Buffer => {
  const damaged = Buffer.from(bytes)
  for (let i = 0; i < count; i++) damaged[random.below(damaged.length)]! ^= 1 << random.below(8)
  return damaged
}

const onLines =
  (change: (lines: Array<string>, random: Random) => void) => (text: Buffer, random: Random) => {
    const lines = text.toString("latin1").split("\n")
    change(lines, random)
    return Buffer.from(lines.join("\n"), "latin1")
  }

/** The first line that is a row; the header line is before it. */
const firstRowAt = (lines: ReadonlyArray<string>): number => lines.findIndex((line) => line.startsWith("0,"))

const anyRow = (lines: ReadonlyArray<string>, random: Random): number => {
  const first = firstRowAt(lines)
  return first + random.below(lines.length - first - 1)
}

const onCell = (
  change: (cell: string, column: number, lines: ReadonlyArray<string>, random: Random) => string,
) =>
  onLines((lines, random) => {
    // Most cells are empty, and most changes change nothing: another try then.
    for (let tries = 0; tries < 20; tries++) {
      const at = anyRow(lines, random)
      const cells = lines[at]!.split(",")
      // seq is left alone: what is wrong with it is refused at once, and tells nothing of the rest.
      const column = 1 + random.below(cells.length - 1)
      const before = cells[column]!
      cells[column] = change(before, column, lines, random)
      lines[at] = cells.join(",")
      if (cells[column] !== before) return
    }
  })

const behindSeq = (row: string): string => row.slice(row.indexOf(","))

const changeDigit = (text: string, random: Random): string => {
  const at = text.search(/\d/)
  if (at < 0) return text
  const digits = Array.from(text.matchAll(/\d/g), (match) => match.index)
  const chosen = random.pick(digits)
  return `${text.slice(0, chosen)}${random.below(10)}${text.slice(chosen + 1)}`
}

export const damages: ReadonlyArray<Damage> = [
  { name: "a bit flipped", weight: 20, apply: (text, random) => flipBits(text, random, 1) },
  {
    name: "several bits flipped",
    weight: 5,
    apply: (text, random) => flipBits(text, random, 2 + random.below(20)),
  },
  {
    name: "a byte replaced by one that the file holds",
    weight: 10,
    apply: (text, random) => {
      const damaged = Buffer.from(text)
      damaged[random.below(text.length)] = text[random.below(text.length)]!
      return damaged
    },
  },
  {
    name: "a line deleted",
    weight: 5,
    apply: onLines((lines, random) => void lines.splice(random.below(lines.length - 1), 1)),
  },
  {
    name: "a line doubled",
    weight: 5,
    apply: onLines((lines, random) => {
      const at = random.below(lines.length - 1)
      lines.splice(at, 0, lines[at]!)
    }),
  },
  {
    name: "two lines swapped",
    weight: 5,
    apply: onLines((lines, random) => {
      const [a, b] = [random.below(lines.length - 1), random.below(lines.length - 1)]
      ;[lines[a], lines[b]] = [lines[b]!, lines[a]!]
    }),
  },
  {
    name: "two rows swapped but for their seq",
    weight: 5,
    apply: onLines((lines, random) => {
      const [a, b] = [anyRow(lines, random), anyRow(lines, random)]
      const [rowA, rowB] = [lines[a]!, lines[b]!]
      lines[a] = rowA.split(",", 1)[0]! + behindSeq(rowB)
      lines[b] = rowB.split(",", 1)[0]! + behindSeq(rowA)
    }),
  },
  { name: "cut off", weight: 10, apply: (text, random) => text.subarray(0, random.below(text.length)) },
  {
    name: "cut off at a line end",
    weight: 3,
    apply: onLines((lines, random) => {
      lines.length = 1 + random.below(lines.length - 1)
      lines.push("")
    }),
  },
  {
    name: "a stretch of bytes lost",
    weight: 5,
    apply: (text, random) => {
      const at = random.below(text.length)
      return Buffer.concat([text.subarray(0, at), text.subarray(at + 1 + random.below(300))])
    },
  },
  {
    name: "a digit of a cell changed",
    weight: 15,
    apply: onCell((cell, _column, _lines, random) => changeDigit(cell, random)),
  },
  { name: "a cell emptied", weight: 5, apply: onCell(() => "") },
  {
    name: "a cell of another row in its place",
    weight: 20,
    apply: onCell((_cell, column, lines, random) => lines[anyRow(lines, random)]!.split(",")[column]!),
  },
  {
    name: "a number of the preamble changed",
    weight: 5,
    apply: onLines((lines, random) => {
      const at = random.below(firstRowAt(lines) - 1)
      lines[at] = changeDigit(lines[at]!, random)
    }),
  },
]

/** Ways to damage the compressed trace. */
export const compressedDamages: ReadonlyArray<Damage> = compressors.flatMap(({ name, compress }) => [
  { name: `${name}: a bit flipped`, weight: 3, apply: (text, random) => flipBits(compress(text), random, 1) },
  {
    name: `${name}: cut off`,
    weight: 2,
    apply: (text, random) => {
      const bytes = compress(text)
      return bytes.subarray(0, random.below(bytes.length))
    },
  },
  {
    name: `${name}: something behind it`,
    weight: 1,
    apply: (text, random) => Buffer.concat([compress(text), Buffer.from([random.below(256)])]),
  },
])

export const pickDamage = (list: ReadonlyArray<Damage>, random: Random): Damage => {
  let ticket = random.below(list.reduce((sum, { weight }) => sum + weight, 0))
  for (const damage of list) {
    ticket -= damage.weight
    if (ticket < 0) return damage
  }
  return list[0]!
}
