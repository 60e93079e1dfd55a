import type { RowBatch } from "../domain/batch.ts"
import { NONE, type EntityTable } from "../domain/entity.ts"
import {
  Event,
  Present,
  Site,
  eventNames,
  firstAppletName,
  resultNames,
  sideNames,
  siteNames,
} from "../domain/vocabulary.ts"
import type { Outcomes } from "./outcomes.ts"

/** A predicted outcome in words: `offer from s5, avail 1, threshold 0`. */
export const outcomeText = (outcomes: Outcomes, at: number, entities: EntityTable): string => {
  const event = outcomes.event[at]!
  const entity = entities.id(outcomes.entity[at]!)
  const detail = outcomes.detail[at]!
  switch (event) {
    case Event.offer:
      return offerText(entity, outcomes.avail[at]!, outcomes.threshold[at]!)
    case Event.enqueue:
    case Event.dequeue:
      return `${eventNames[event]!} ${entity} at ${siteNames[detail]!}`
    case Event.skip:
      return `skip ${entity}: ${resultNames[detail]!}`
    case Event.wake:
      return `wake ${entity}`
    default:
      return `${eventNames[event]!} ${entity} by the offer: ${resultNames[detail]!}, task_rq ${outcomes.avail[at]! >>> 0}`
  }
}

/** A recorded row in words, in the same form as {@link outcomeText} where it is an outcome. */
export const rowText = (batch: RowBatch, i: number): string => {
  const event = batch.event[i]!
  const entity = batch.head.entities.id(batch.entity[i]!)
  const site = batch.site[i]!
  switch (event) {
    case Event.offer:
      return offerText(entity, batch.avail[i]!, batch.threshold[i]!)
    case Event.enqueue:
    case Event.dequeue:
      return `${eventNames[event]!} ${entity} at ${siteNames[site] ?? ""}`
    case Event.skip:
      return `skip ${entity}: ${resultNames[batch.result[i]!]!}`
    case Event.wake:
      return `wake ${entity}`
  }
  if (site === Site.offer) {
    const taskRq = batch.present[i]! & Present.taskRq ? `, task_rq ${batch.taskRq[i]!}` : ""
    return `${eventNames[event]!} ${entity} by the offer: ${resultNames[batch.result[i]!]!}${taskRq}`
  }
  const words = [eventNames[event]!, entity]
  if (site > 0 && site < firstAppletName) words.push(siteNames[site]!)
  if (batch.side[i] !== 0) words.push(sideNames[batch.side[i]!]!)
  if (batch.owner[i] !== NONE && batch.owner[i] !== batch.entity[i])
    words.push(`of ${batch.head.entities.id(batch.owner[i]!)}`)
  if (batch.result[i] !== 0) words.push(resultNames[batch.result[i]!]!)
  return words.filter((word) => word !== "").join(" ")
}

const offerText = (from: string, avail: number, threshold: number): string =>
  `offer${from === "" ? "" : ` from ${from}`}, avail ${avail}, threshold ${threshold}`
