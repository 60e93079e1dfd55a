import type { Lane } from "../../domain/documents.ts"
import type { RunView } from "../view.ts"
import type { Fitted } from "./budget.ts"
import type { TimelineData } from "./data.ts"
import { json, markup, type Markup } from "./markup.ts"
import { command } from "./pieces.ts"

/** Where the browser's code draws the timeline of a trace, its data, and what was left out of them. */
export const timelineSection = (
  run: RunView,
  { timeline, leftOut }: Fitted,
  number: number,
): Markup | null => {
  if (run.timeline === null) return null
  const heading = markup`<h3 id="trace-${number}-timeline">Timeline</h3>`
  const cut =
    leftOut === null
      ? null
      : markup`<p class="note">To keep this page small, ${leftOut} of this trace are left out. A report of this trace alone has all:</p>${command(run.command)}`
  if (timeline === null) return markup`${heading}${cut}`
  const data: TimelineData = { trace: run.trace, rowCount: run.rowCount, timeline }
  return markup`<section class="timeline" aria-labelledby="trace-${number}-timeline">${heading}
${cut}
<div class="drawn" data-trace="${number}"><p class="note without-script">The timeline needs JavaScript; all else on this page does not.</p></div>
${timeline.lanes.map((lane) => laneNote(lane))}
<script type="application/json" id="trace-${number}-data">${json(data)}</script>
</section>`
}

/** What a lane does not show. */
const laneNote = (lane: Lane): Markup | null => {
  const counts = (["waits", "offers", "wakes", "chains"] as const)
    .filter((what) => lane.leftOut[what] > 0)
    .map((what) => `${lane.leftOut[what]} ${what}`)
  const merged = lane.offers.count.filter((count) => count > 1).length
  const notes = [
    ...(counts.length === 0 ? [] : [`${counts.join(", ")} are not kept in it: the worst are.`]),
    ...(merged === 0 ? [] : [`${merged} of its marks stand for several neighbouring offers each.`]),
    ...(lane.pool.stride <= 1
      ? []
      : [
          `A point of its curves stands for up to ${lane.pool.stride} changes, and has the highest of their values.`,
        ]),
  ]
  return notes.length === 0
    ? null
    : markup`<p class="note left-out"><b>${lane.under}</b>: ${notes.join(" ")}</p>`
}
