/** What may be left out of a script as a whole: entities, scenes, operations. `steps` has, per step, whether it is kept. */
import { framesRun, type Script } from "./script.ts"

export type Kept = Uint8Array

/** Whether anything is kept that an entity does, or that is done to it. */
export const hasEntity = ({ steps }: Script, kept: Kept, entity: number): boolean =>
  kept.some((is, at) => is !== 0 && (steps[at]!.entity === entity || steps[at]!.owner === entity))

export const hasScene = ({ scenes }: Script, kept: Kept, scene: number): boolean => {
  const { first, end } = scenes[scene]!
  return kept.subarray(first, end).includes(1)
}

export const keptEntities = (script: Script, kept: Kept): ReadonlyArray<number> =>
  script.entities.filter((entity) => hasEntity(script, kept, entity))

export const keptScenes = (script: Script, kept: Kept): ReadonlyArray<number> =>
  [...script.scenes.keys()].filter((scene) => hasScene(script, kept, scene))

/** Steps that may be left out alone: not those that frame a run. */
export const keptOperations = ({ steps }: Script, kept: Kept): ReadonlyArray<number> =>
  steps.flatMap((step, at) => (kept[at] === 0 || framesRun(step) ? [] : [at]))

export const clearScenes = ({ scenes }: Script, kept: Kept, chunk: ReadonlyArray<number>): void => {
  for (const scene of chunk) kept.fill(0, scenes[scene]!.first, scenes[scene]!.end)
}

/** Leaves out all that some entities do, and all that is done to them: a run that begins so goes as a whole. */
export const clearEntities = (script: Script, kept: Kept, chunk: ReadonlyArray<number>): void => {
  const gone = new Set(chunk)
  for (const [at, { entity, owner, scene }] of script.steps.entries()) {
    if (!gone.has(entity) && !gone.has(owner)) continue
    const { kind, first } = script.scenes[scene]!
    if (first === at && kind.endsWith("run")) clearScenes(script, kept, [scene])
    else kept[at] = 0
  }
}

export const clearOperations = (_script: Script, kept: Kept, chunk: ReadonlyArray<number>): void => {
  for (const at of chunk) kept[at] = 0
}

/** Units of one size: which are kept, and how some are left out. */
export interface UnitKind {
  readonly kept: (script: Script, kept: Kept) => ReadonlyArray<number>
  readonly has: (script: Script, kept: Kept, unit: number) => boolean
  readonly clear: (script: Script, kept: Kept, chunk: ReadonlyArray<number>) => void
}

export const entityUnits: UnitKind = { kept: keptEntities, has: hasEntity, clear: clearEntities }
export const sceneUnits: UnitKind = { kept: keptScenes, has: hasScene, clear: clearScenes }
export const operationUnits: UnitKind = {
  kept: keptOperations,
  has: (_script, kept, at) => kept[at] !== 0,
  clear: clearOperations,
}

/** Operations, and scenes of more than one row, numbered behind them: what may only go together. */
export const mixedUnits: UnitKind = {
  kept: (script, kept) => {
    const scenes = keptScenes(script, kept).filter((scene) => script.scenes[scene]!.kind !== "single")
    return [...keptOperations(script, kept), ...scenes.map((scene) => script.steps.length + scene)]
  },
  has: (script, kept, unit) =>
    unit < script.steps.length ? kept[unit] !== 0 : hasScene(script, kept, unit - script.steps.length),
  clear: (script, kept, chunk) => {
    const count = script.steps.length
    clearOperations(
      script,
      kept,
      chunk.filter((unit) => unit < count),
    )
    clearScenes(
      script,
      kept,
      chunk.filter((unit) => unit >= count).map((unit) => unit - count),
    )
  },
}
