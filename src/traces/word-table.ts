/** How far apart a table tries to hold its words. */
const slotCount = 256

/**
 * The codes of a few known words, for cells of csv-parse. A Map would hash each text in full, and every cell is a new
 * text; length, first and last letters tell these words apart, and one comparison settles it.
 */
export class WordTable {
  readonly #words: Array<string | undefined> = []
  readonly #codes: Int32Array
  #first = 0
  #last = 0

  constructor(words: ReadonlyArray<string>) {
    this.#codes = new Int32Array(slotCount)
    // Two factors that give each word a slot of its own; a list of words for which there are none fails every test.
    for (let factors = 1; !this.#place(words); factors++) {
      if (factors === slotCount * slotCount)
        throw new Error(`no two factors tell these words apart: ${words.join(" ")}`)
      this.#first = factors % slotCount
      this.#last = Math.trunc(factors / slotCount)
    }
  }

  #place(words: ReadonlyArray<string>): boolean {
    this.#words.length = 0
    for (let slot = 0; slot < slotCount; slot++) this.#words.push(undefined)
    for (const [code, word] of words.entries()) {
      const slot = this.#slot(word)
      if (this.#words[slot] !== undefined) return false
      this.#words[slot] = word
      this.#codes[slot] = code
    }
    return true
  }

  #slot(word: string): number {
    const { length } = word
    if (length < 2) return 0
    const end = word.charCodeAt(length - 2) * this.#last + word.charCodeAt(length - 1)
    return (length + word.charCodeAt(0) * this.#first + end) & (slotCount - 1)
  }

  /** The word's place in the list, or -1. */
  code(word: string): number {
    const slot = this.#slot(word)
    return this.#words[slot] === word ? this.#codes[slot]! : -1
  }
}
