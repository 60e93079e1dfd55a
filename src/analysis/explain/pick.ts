/** Which wait the user means, and what is nearest where there is none. */
import { BadUsage, quoted } from "../../domain/errors.ts"
import { entityKinds } from "../../domain/vocabulary.ts"
import { describeChoice } from "../../semantics/semantics.ts"
import { findRow, namedBy, type NumberedWait, type WaitBook } from "./waits.ts"
import type { Tape } from "../tape.ts"

/** The wait to explain: by its number, by who waits, or by a row. */
export type Which =
  | { readonly by: "wait"; readonly number: number }
  | { readonly by: "entity"; readonly id: string }
  | { readonly by: "row"; readonly row: number }

export const pick = (tape: Tape, book: WaitBook, which: Which): NumberedWait | BadUsage => {
  switch (which.by) {
    case "wait":
      return byNumber(book, which.number)
    case "entity":
      return byEntity(tape, book, which.id)
    case "row":
      return byRow(tape, book, which.row)
  }
}

const refuse = (problem: string, advice?: string): BadUsage => new BadUsage({ problem, advice })

const under = ({ choice }: WaitBook): string => `under ${describeChoice(choice)}`

const nobody = (book: WaitBook): string => `nobody waits in this trace ${under(book)}`

const byNumber = (book: WaitBook, number: number): NumberedWait | BadUsage => {
  const { waits } = book
  const found = waits[number - 1]
  if (found !== undefined) return found
  const nearest = number < 1 ? waits[0] : waits.at(-1)
  return nearest === undefined
    ? refuse(nobody(book))
    : refuse(
        `there is no wait ${number} ${under(book)}; its waits are 1 to ${waits.length}`,
        `The nearest is ${sketch(nearest)}`,
      )
}

const byEntity = (tape: Tape, book: WaitBook, id: string): NumberedWait | BadUsage => {
  const slot = tape.head.entities.find(id)
  if (slot < 0) return refuse(`there is no ${isId(id) ? id : quoted(id)}; ${known(tape, id)}`)
  const { waits } = book
  const found =
    waits.find(({ requester }) => requester === slot) ?? waits.find(({ wait }) => wait.waiter === id)
  if (found !== undefined) return found
  if (waits.length === 0) return refuse(`${id} never waits: ${nobody(book)}`)
  const those = [...new Set(waits.map(({ wait }) => wait.requester))]
  return refuse(`${id} never waits ${under(book)}; those that do: ${several(those, shownNames)}`)
}

const isId = (text: string): boolean => /^[a-z][0-9]{1,10}$/.test(text)

/** The entities of the kind that an id's letter names, or of all kinds. */
const known = ({ head: { entities } }: Tape, id: string): string => {
  const kinds = entityKinds.map(({ letter, name }, code) => {
    const numbers = Array.from({ length: entities.count }, (_, slot) => slot)
      .filter((slot) => entities.kind[slot] === code)
      .map((slot) => entities.number[slot]!)
    const [first, last] = numbers.length === 0 ? [0, 0] : extent(numbers)
    const holes = last - first + 1 === numbers.length ? "" : `, ${numbers.length} of them`
    if (numbers.length === 0) return { letter, text: `the trace has no ${name}` }
    if (numbers.length === 1) return { letter, text: `the only ${name} is ${letter}${first}` }
    return { letter, text: `the ${name}s are ${letter}${first} to ${letter}${last}${holes}` }
  })
  const kind = kinds.find(({ letter }) => isId(id) && id.startsWith(letter))
  return kind?.text ?? kinds.map(({ text }) => text).join(", ")
}

const extent = (numbers: ReadonlyArray<number>): readonly [number, number] =>
  numbers.reduce(([least, most], number) => [Math.min(least, number), Math.max(most, number)] as const, [
    Infinity,
    -Infinity,
  ] as readonly [number, number])

const byRow = (tape: Tape, book: WaitBook, row: number): NumberedWait | BadUsage => {
  const place = findRow(tape, row)
  if (place === undefined) {
    return refuse(
      tape.rowCount === 0
        ? `there is no row ${row}: the trace has none`
        : `there is no row ${row}; the trace has rows ${tape.batches[0]!.firstRow} to ${tape.batches[0]!.firstRow + tape.rowCount - 1}`,
    )
  }
  const named = namedBy(...place)
  const isNamed = (one: NumberedWait): boolean =>
    named.some((entity) => entity === one.requester || tape.head.entities.id(entity) === one.wait.waiter)
  const first = (waits: ReadonlyArray<NumberedWait>): NumberedWait | undefined =>
    waits.find(isNamed) ?? waits[0]
  const { waits } = book
  const underWay = waits.filter(({ wait }) => wait.beginRow <= row && row <= wait.endRow)
  return (
    first(waits.filter(({ wait }) => wait.beginRow === row)) ??
    // The end of the trace ends every wait that is left: it is no row's doing.
    first(waits.filter(({ wait }) => wait.endRow === row && !endsWithTrace(wait.ending))) ??
    longest(underWay.filter(isNamed)) ??
    nobodyAt(tape, book, row, named, underWay)
  )
}

const endsWithTrace = (ending: string): boolean => ["starved", "pending", "undefined"].includes(ending)

const longest = (waits: ReadonlyArray<NumberedWait>): NumberedWait | undefined =>
  waits.reduce<NumberedWait | undefined>(
    (best, one) => (best === undefined || length(one) > length(best) ? one : best),
    undefined,
  )

const length = ({ wait }: NumberedWait): number => wait.endRow - wait.beginRow

const nobodyAt = (
  tape: Tape,
  book: WaitBook,
  row: number,
  named: ReadonlyArray<number>,
  underWay: ReadonlyArray<NumberedWait>,
): BadUsage => {
  if (book.waits.length === 0) return refuse(`nobody waits at row ${row}: ${nobody(book)}`)
  const before = book.waits
    .filter(({ wait }) => wait.endRow < row)
    .reduce<NumberedWait | undefined>(
      (best, one) => (best === undefined || one.wait.endRow > best.wait.endRow ? one : best),
      undefined,
    )
  const after = book.waits.find(({ wait }) => wait.beginRow > row)
  const ids = [...new Set(named.map((entity) => tape.head.entities.id(entity)))]
  const who = underWay.length === 0 || ids.length === 0 ? "nobody" : `neither ${ids.join(" nor ")}`
  const subject = who.startsWith("neither") && ids.length === 1 ? `${ids[0]} does not wait` : `${who} waits`
  const nearest = [
    ...(underWay.length === 0 ? [] : [`Under way there: ${several(underWay.map(sketch), shownWaits, "; ")}`]),
    ...(before === undefined ? [] : [`The nearest before it is ${sketch(before)}`]),
    ...(after === undefined ? [] : [`The nearest after it is ${sketch(after)}`]),
  ]
  return refuse(`${subject} at row ${row} ${under(book)}`, nearest.join(". "))
}

const sketch = ({ wait, number }: NumberedWait): string =>
  `wait ${number}, ${wait.requester} for ${wait.buffer}, rows ${wait.beginRow} to ${wait.endRow}`

const shownNames = 12
const shownWaits = 4

const several = (names: ReadonlyArray<string>, shown: number, gap = ", "): string =>
  names.length <= shown
    ? names.join(gap)
    : `${names.slice(0, shown).join(gap)}${gap}and ${names.length - shown} more`
