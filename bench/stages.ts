import type { Stage } from "./measured.ts"
import { columnStages } from "./stages/columns.ts"
import { csvParseStages } from "./stages/csv-parse.ts"
import { nativeStages } from "./stages/native.ts"
import { outsideStages } from "./stages/outside.ts"
import { ownStages } from "./stages/own.ts"
import { wholeStages } from "./stages/whole.ts"

/** Everything that the bench measures, in the order of the table. */
export const stages: ReadonlyArray<Stage> = [
  ...outsideStages,
  ...csvParseStages,
  ...ownStages,
  ...columnStages,
  ...nativeStages,
  ...wholeStages,
]

export const stageNamed = (name: string): Stage => {
  const stage = stages.find((one) => one.name === name)
  if (stage === undefined) throw new Error(`no stage "${name}"`)
  return stage
}
