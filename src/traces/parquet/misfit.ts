import type { RowBatch } from "../../domain/batch.ts"
import { NONE as none } from "../../domain/entity.ts"
import * as vocabulary from "../../domain/vocabulary.ts"
import type { ColumnName } from "../../domain/vocabulary.ts"
import * as forms from "../forms.ts"

// Constants of this module, for the reason that csv-rows.ts gives.
const NONE = none
const { allocFormAt, entityOptional, kindMask, numberMaskOf, releaseFormAt, resultMaskOf, siteMaskOf } = forms
const { firstAppletName } = vocabulary
const { alloc, applet_run: appletRun, offer, release } = vocabulary.Event
const { stream } = vocabulary.Kind

/** The column of a row whose cell its event does not allow; undefined where all cells fit. The same rules as csv-rows.ts has. */
export const misfit = (batch: RowBatch, i: number): ColumnName | undefined => {
  const { kind: kinds } = batch.head.entities
  const event = batch.event[i]!
  const entity = batch.entity[i]!
  const owner = batch.owner[i]!
  if (entity === NONE ? !entityOptional[event] : (kindMask[event]! & (1 << kinds[entity]!)) === 0)
    return "entity"
  if (owner !== NONE && kinds[owner] !== stream) return "owner"
  const sites = siteMaskOf[event]!
  const site = batch.site[i]!
  if (sites !== 0 && (site >= firstAppletName || (sites & (1 << site)) === 0)) return "site"
  const results = resultMaskOf[event]!
  if (results !== 0 && (results & (1 << batch.result[i]!)) === 0) return "result"
  if (batch.margin[i]! < 0) return "margin"
  const wanted = numberMaskOf[event]!
  if ((batch.present[i]! & wanted) !== wanted)
    return event === alloc ? "margin" : event === offer ? "avail" : "allocated"
  if (event === alloc) return misplaced(batch, i, allocFormAt[site]!)
  if (event === release) return misplaced(batch, i, releaseFormAt[site]!)
  return event === appletRun && owner === NONE ? "owner" : undefined
}

/** What the site of an `alloc` or a `release` demands. */
const misplaced = (batch: RowBatch, i: number, form: forms.PlaceForm): ColumnName | undefined => {
  const entity = batch.entity[i]!
  const owner = batch.owner[i]!
  if (batch.head.entities.kind[entity] !== form.kind) return "entity"
  if (owner === NONE || (form.kind === stream && owner !== entity)) return "owner"
  if ((form.sideMask & (1 << batch.side[i]!)) === 0) return "side"
  if (!form.states) return undefined
  return batch.req[i] === 0 ? "req" : batch.res[i] === 0 ? "res" : undefined
}
