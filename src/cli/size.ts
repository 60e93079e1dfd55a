/** Sizes as a user writes them: `2GiB`, `500MB`, `64K`, `4096`. */

/** Bytes by unit; a letter alone means the binary unit, as GNU's tools have it. */
const factors: Readonly<Record<string, number>> = Object.fromEntries([
  ["", 1],
  ["b", 1],
  ...["k", "m", "g", "t"].flatMap((letter, power) => [
    [letter, 1024 ** (power + 1)],
    [`${letter}ib`, 1024 ** (power + 1)],
    [`${letter}b`, 1000 ** (power + 1)],
  ]),
])

/** What a size may look like, for help and errors. */
export const sizeForm = "a size such as 4GiB, 500MB or 1048576"

/** A size in bytes, at least 1; undefined where the text is none. */
export const parseSize = (text: string): number | undefined => {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text.trim()) ?? []
  const factor = factors[unit.toLowerCase()]
  if (number === "" || factor === undefined) return undefined
  const bytes = Math.floor(Number(number) * factor)
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined
}

/** A number of bytes as people read it: `512 bytes`, `92.0 kB`, `1.2 GB`. */
export const sizeText = (bytes: number): string => {
  if (bytes < 1000) return `${bytes} bytes`
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3))
  return `${(bytes / 1000 ** power).toFixed(1)} ${["kB", "MB", "GB"][power - 1]!}`
}
