/** Which share of a corpus a run does. What decides is a hash, so that a trace stays in its shard when others are added. */
import { createHash } from "node:crypto"

export interface Shard {
  /** 1 for the first. */
  readonly index: number
  readonly count: number
}

const maxCount = 10_000

/** What a shard looks like on the command line. */
export const shardForm = "a shard such as 1/4"

/** `2/4`; undefined where the text is none. */
export const parseShard = (text: string): Shard | undefined => {
  const [, index = "", count = ""] = /^(\d{1,5})\/(\d{1,5})$/.exec(text.trim()) ?? []
  const shard = { index: Number(index), count: Number(count) }
  return shard.index >= 1 && shard.index <= shard.count && shard.count <= maxCount ? shard : undefined
}

/** Whether what has this hash (SHA-256, hexadecimal) belongs to the shard; without one, everything is done. */
export const isOfShard = (sha256: string, shard: Shard | undefined): boolean =>
  shard === undefined || BigInt(`0x${sha256.slice(0, 16)}`) % BigInt(shard.count) === BigInt(shard.index - 1)

/** The hash of what has a name only. */
export const nameHash = (name: string): string => createHash("sha256").update(name).digest("hex")
