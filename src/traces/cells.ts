/** Reading single cells: texts of csv-parse into small integers, without a regular expression or an object a cell. */

const zero = 48
const nine = 57

/** A decimal number without sign, up to `max` (at most 2^53 - 1); -1 if the text is anything else. */
export const unsigned = (text: string, max: number): number => {
  const length = text.length
  if (length === 0 || length > 16) return -1
  let value = 0
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i)
    if (digit < zero || digit > nine) return -1
    value = value * 10 + (digit - zero)
  }
  return value <= max ? value : -1
}

export const maxUnsignedInt = 0xffff_ffff
export const maxInt = 0x7fff_ffff

/** A C int in decimal; NaN if the text is anything else. */
export const signedInt = (text: string): number => {
  if (text.charCodeAt(0) !== 45) {
    const value = unsigned(text, maxInt)
    return value < 0 ? Number.NaN : value
  }
  const value = unsigned(text.slice(1), maxInt + 1)
  return value < 0 ? Number.NaN : -value
}

/** The number of an id such as `s12`: what follows its letter, without leading zeros; -1 if it is anything else. */
export const idNumber = (id: string): number => {
  const length = id.length
  if (length < 2 || length > 11) return -1
  let value = id.charCodeAt(1) - zero
  if (value < 0 || value > 9 || (value === 0 && length > 2)) return -1
  for (let i = 2; i < length; i++) {
    const digit = id.charCodeAt(i)
    if (digit < zero || digit > nine) return -1
    value = value * 10 + (digit - zero)
  }
  return value <= maxUnsignedInt ? value : -1
}
