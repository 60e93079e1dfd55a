import type { OpenBatch, RowBatch, TraceHead } from "../../domain/batch.ts"
import { NONE } from "../../domain/entity.ts"
import { quoted } from "../../domain/errors.ts"
import {
  bufferStateNames,
  Event,
  eventNames,
  firstAppletName,
  resultNames,
  sideNames,
  siteNames,
  type ColumnName,
} from "../../domain/vocabulary.ts"
import { maxAppletNameLength, maxAppletNames, maxEntities } from "../csv-rows.ts"
import type { Ids } from "./dictionary.ts"
import type { RawGroup } from "./group-reader.ts"
import * as forms from "../forms.ts"
import { misfit } from "./misfit.ts"
import { forged, type ColumnarProblem } from "./problem.ts"

export type GrowingHead = TraceHead & { readonly appletNames: Array<string> }

/** No row has named the id yet. */
const unseen = -2

// Constants of this module, for the reason that csv-rows.ts gives.
/** Stands for every applet name. */
const lastSite = firstAppletName - 1
const allNumbers = 127
const { applet_new: appletNew, applet_run: appletRun } = Event
const { siteBits } = forms
const { itself } = forms.Owner

/** Where the masks of a form lie in one number, behind that of the kinds: kinds have 5 bits, sides and states 4, results 15. */
const sideAt = 5
const stateAt = 9
const resultAt = 13
/** By form, the masks in one number: a row is checked with one look into a table, for there are ten columns to look into. 0: there is no such form. */
const wordMasks = Int32Array.from(forms.rowMasks, (form) =>
  form === undefined
    ? 0
    : (form.kinds & 31) |
      ((form.sides & 15) << sideAt) |
      ((form.states & 15) << stateAt) |
      ((form.results & 0x7fff) << resultAt),
)
/** By form: the numbers that must be there, and above them the rule for the owner. */
const ownerAt = 8
const otherMasks = Int32Array.from(forms.rowMasks, (form) =>
  form === undefined ? 0 : form.numbers | (form.owner << ownerAt),
)

/** The sites of a row group, by index. */
interface Sites {
  readonly texts: ReadonlyArray<string>
  /** As a place in HAProxy's code; -1 where it is none. */
  readonly codes: Int32Array
  /** As an applet's name; 0 where no applet has borne it yet. */
  readonly applets: Int32Array
  /** How many lines more than one a row with this name takes in a CSV. */
  readonly lineEnds: Uint16Array
}

/**
 * Makes batches of row groups, in their order: ids become slots, in the order in which a CSV's rows name them, and sites become codes. Then
 * looks whether the cells of each row go together.
 */
export class Settler {
  readonly head: GrowingHead
  readonly #appletCodes = new Map<string, number>()
  #line: number

  constructor(head: GrowingHead) {
    this.head = head
    // As in the canonical CSV: the first line, the preamble, the header line.
    this.#line = head.preamble.entries.length + 3
  }

  settle({ columns, entities, owners, sites }: RawGroup): RowBatch {
    if (this.head.entities.count > maxEntities)
      throw forged(`a trace of at most ${maxEntities} entities`, "more")
    const batch = { head: this.head, ...columns }
    this.#slots(batch, entities, owners)
    this.#sites(batch, sitesOf(sites))
    this.#check(batch)
    return batch
  }

  #slots({ rowCount, entity, owner }: OpenBatch, entities: Ids, owners: Ids): void {
    const { entities: table } = this.head
    const entitySlots = unseenSlots(entities)
    const ownerSlots = unseenSlots(owners)
    for (let i = 0; i < rowCount; i++) {
      const entityIndex = entity[i]!
      let slot = entitySlots[entityIndex]!
      if (slot === unseen) {
        slot = table.slot(entities.kinds[entityIndex]!, entities.numbers[entityIndex]!)
        entitySlots[entityIndex] = slot
      }
      entity[i] = slot
      const ownerIndex = owner[i]!
      slot = ownerSlots[ownerIndex]!
      if (slot === unseen) {
        slot = table.slot(owners.kinds[ownerIndex]!, owners.numbers[ownerIndex]!)
        ownerSlots[ownerIndex] = slot
      }
      owner[i] = slot
    }
  }

  #sites(batch: OpenBatch, { texts, codes, applets, lineEnds }: Sites): void {
    const { rowCount, event, site, line } = batch
    let nextLine = this.#line
    for (let i = 0; i < rowCount; i++) {
      const index = site[i]!
      const code = event[i]!
      line[i] = nextLine++
      if (code === appletNew || code === appletRun) {
        site[i] = applets[index]! || this.#applet(texts[index]!, index, applets)
        nextLine += lineEnds[index]!
      } else {
        site[i] = codes[index]!
        if (codes[index]! < 0) throw badCell(batch, i, "site", texts[index]!)
      }
    }
    this.#line = nextLine
  }

  /** Whether the cells of each row go together: as `misfit` has it, without asking what the row is. */
  #check(batch: OpenBatch): void {
    const { rowCount, event, entity, owner, site, side, req, res, result, present } = batch
    const { kind } = this.head.entities
    for (let i = 0; i < rowCount; i++) {
      const slot = entity[i]!
      const kindBit = slot < 0 ? 0 : kind[slot]! + 1
      const form = (event[i]! << siteBits) | Math.min(site[i]!, lastSite)
      const masks = wordMasks[form]!
      const fits =
        (masks >> kindBit) &
        (masks >> (sideAt + side[i]!)) &
        (masks >> (stateAt + req[i]!)) &
        (masks >> (stateAt + res[i]!)) &
        (masks >> (resultAt + result[i]!)) &
        1
      const others = otherMasks[form]!
      const missing = others & ~present[i]! & allNumbers
      const rule = others >> ownerAt
      if (
        fits === 0 ||
        missing !== 0 ||
        (rule !== 0 && (rule === itself ? owner[i] !== slot : owner[i]! < 0))
      )
        throw badCell(batch, i, misfit(batch, i) ?? "event")
    }
  }

  #applet(name: string, index: number, applets: Int32Array): number {
    const { appletNames } = this.head
    const code = this.#appletCodes.get(name) ?? appletNames.length
    if (name.length > maxAppletNameLength || code === maxAppletNames) {
      const expected = `at most ${maxAppletNames} applet names of at most ${maxAppletNameLength} characters`
      throw forged(expected, quoted(name))
    }
    if (code === appletNames.length) appletNames.push(name)
    this.#appletCodes.set(name, code)
    applets[index] = firstAppletName + code
    return firstAppletName + code
  }
}

const unseenSlots = ({ kinds }: Ids): Int32Array => new Int32Array(kinds.length).fill(unseen).fill(NONE, 0, 1)

const sitesOf = (texts: ReadonlyArray<string>): Sites => ({
  texts,
  codes: Int32Array.from(texts, (text) => siteNames.indexOf(text as never)),
  applets: new Int32Array(texts.length),
  lineEnds: Uint16Array.from(texts, (text) => text.split("\n").length - 1),
})

const badCell = (
  batch: RowBatch,
  i: number,
  cell: ColumnName,
  text = textOf(batch, i, cell),
): ColumnarProblem => {
  const place = `${cell} of seq ${batch.firstRow + i}`
  const rule = `what trace-format.md allows where the event is ${eventNames[batch.event[i]!]!}`
  const found = text === "" ? "an empty cell" : quoted(text)
  return forged(`${rule} (${place})`, found)
}

/** A cell that an event may not allow. */
const textOf = (batch: RowBatch, i: number, cell: ColumnName): string => {
  const { entities } = batch.head
  switch (cell) {
    case "entity":
    case "owner":
      return entities.id(batch[cell][i]!)
    case "site":
      return siteNames[batch.site[i]!] ?? batch.head.appletNames[batch.site[i]! - firstAppletName]!
    case "side":
      return sideNames[batch.side[i]!]!
    case "req":
    case "res":
      return bufferStateNames[batch[cell][i]!]!
    case "result":
      return resultNames[batch.result[i]!]!
    case "event":
      return eventNames[batch.event[i]!]!
    default:
      return ""
  }
}
