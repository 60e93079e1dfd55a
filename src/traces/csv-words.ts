/**
 * The codes of a few known words, read byte by byte: a state machine that takes one step a byte. A walk that ends at a
 * state with a code has compared the whole word; there is no hash, and nothing to verify.
 */
export interface WordMachine {
  /** By state and {@link letterClass}, `state << 5 | class`: the next state. State 0 is that of no word. */
  readonly next: Uint16Array
  /** By state: the code of the word that ends there, or -1. */
  readonly code: Int16Array
}

/** The state before the first letter. */
export const wordStart = 1

/** By byte: its class. Words are made of `a` to `z` and `_`; all other bytes are of class 0. */
export const letterClass = new Uint8Array(256)
for (const [i, letter] of Array.from("abcdefghijklmnopqrstuvwxyz_").entries())
  letterClass[letter.charCodeAt(0)] = i + 1

/** The machine for a list of words; a word's code is its place there. */
export const wordMachine = (words: ReadonlyArray<string>): WordMachine => {
  const stateCount = words.reduce((count, word) => count + word.length, wordStart + 1)
  const next = new Uint16Array(stateCount << 5)
  const code = new Int16Array(stateCount).fill(-1)
  let states = wordStart + 1
  for (const [place, word] of words.entries()) {
    let state = wordStart
    for (const byte of Buffer.from(word)) {
      const letter = letterClass[byte]!
      if (letter === 0) throw new Error(`a word of the format with another byte: ${word}`)
      const step = (state << 5) | letter
      if (next[step] === 0) next[step] = states++
      state = next[step]!
    }
    code[state] = place
  }
  return { next, code }
}

/** HAProxy has a dozen of applets; a name beyond these, a long one or one that is not ASCII is read the slow way. */
const maxKnownNames = 64

/** The applet names that a trace has shown so far, as bytes, so that rows need no text to name one. */
export class AppletNames {
  readonly #names: ReadonlyArray<string>
  readonly #known: Array<Uint8Array> = []

  /** `names` are those of the trace's head; it grows while the trace is read. */
  constructor(names: ReadonlyArray<string>) {
    this.#names = names
  }

  /** The index of the name between two offsets; -1 if it is not known here. */
  index(bytes: Uint8Array, from: number, to: number): number {
    while (this.#known.length < Math.min(this.#names.length, maxKnownNames))
      this.#known.push(Buffer.from(this.#names[this.#known.length]!))
    const length = to - from
    for (let i = 0; i < this.#known.length; i++) {
      const name = this.#known[i]!
      if (name.length === length && isAt(bytes, from, name)) return i
    }
    return -1
  }
}

const isAt = (bytes: Uint8Array, from: number, name: Uint8Array): boolean => {
  // Names tend to begin alike, and to differ at their ends.
  for (let i = name.length - 1; i >= 0; i--) if (bytes[from + i] !== name[i]) return false
  return true
}
