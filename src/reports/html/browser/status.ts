import type { Lane } from "../../../domain/documents/timeline.ts"
import type { Shown } from "./filter.ts"
import { counted } from "./words.ts"

/** What passes the filter, lane by lane: `1.7-pre-fix: 3 of 144 waits, …`. */
export const statusOf = (shown: ReadonlyArray<Shown>, lanes: ReadonlyArray<Lane>): string =>
  lanes
    .map(({ under, waits, offers, wakes }, at) => {
      const passed = shown[at]!
      const total = (marks: ReadonlyArray<number>) =>
        marks.reduce((sum, mark) => sum + offers.count[mark]!, 0)
      const counts = [
        partOf(passed.waits.length, waits.length, "wait"),
        partOf(total(passed.offers), total([...offers.count.keys()]), "offer"),
        partOf(passed.wakes.length, wakes.row.length, "wake"),
      ]
      return `${under}: ${counts.join(", ")}`
    })
    .join("; ")

const partOf = (part: number, all: number, what: string): string =>
  part === all ? counted(all, what) : `${part} of ${counted(all, what)}`
