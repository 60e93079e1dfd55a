import type { Stage } from "./measured.ts"
import { csvParseStages } from "./stages/csv-parse.ts"
import { nativeStages } from "./stages/native.ts"
import { outsideStages } from "./stages/outside.ts"
import { ownStages } from "./stages/own.ts"

/** Everything that the bench measures, in the order of the table. */
export const stages: ReadonlyArray<Stage> = [
  ...outsideStages,
  ...csvParseStages,
  ...ownStages,
  ...nativeStages,
]

export const stageNamed = (name: string): Stage => {
  const stage = stages.find((one) => one.name === name)
  if (stage === undefined) throw new Error(`no stage "${name}"`)
  return stage
}
