import type { Timeline } from "../../domain/documents/timeline.ts"

/** What the browser's code reads of one trace. */
export interface TimelineData {
  readonly trace: string
  readonly rowCount: number
  readonly timeline: Timeline
}
