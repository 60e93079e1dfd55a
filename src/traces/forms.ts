import { allocForms, formOf, maskOf, releaseForms, type SiteForm } from "../domain/row-forms.ts"
import {
  Event,
  eventNames,
  firstAppletName,
  Kind,
  Present,
  Result,
  Site,
  siteNames,
} from "../domain/vocabulary.ts"

// The forms as arrays by event code, so that no row looks anything up by name.
export const kindMask = formOf.map((form) => maskOf(form.kinds.map((kind) => Kind[kind])))
export const entityOptional = formOf.map((form) => form.entityOptional === true || form.kinds.length === 0)
export const resultMaskOf = formOf.map((form) => maskOf((form.results ?? []).map((name) => Result[name])))
export const siteMaskOf = formOf.map((form) =>
  form.sites === undefined || form.sites === "applet name" ? 0 : maskOf(form.sites.map((name) => Site[name])),
)
/** The forms of `alloc` and `release` by site code. */
const byPlace = (forms: ReadonlyMap<number, SiteForm>) =>
  siteNames.map((_, site) => {
    const form = forms.get(site)
    return form && Object.assign({ sideMask: maskOf(form.sides) }, form)
  })
export const allocFormAt = byPlace(allocForms)
export const releaseFormAt = byPlace(releaseForms)
export type PlaceForm = NonNullable<(typeof allocFormAt)[number]>

export const numberMaskOf = formOf.map((form) =>
  (form.numbers ?? []).reduce((mask, name) => mask | Present[name], 0),
)

/**
 * What a row of one event at one site must look like, all of it as bit masks: so that a row is checked without asking what it is. The
 * order of the bits is that of the codes; of `kinds`, bit 0 stands for no entity.
 */
export interface RowMasks {
  readonly kinds: number
  readonly results: number
  readonly sides: number
  /** For `req` and `res` alike. */
  readonly states: number
  /** Bits of `Present` that must be set. */
  readonly numbers: number
  readonly owner: (typeof Owner)[keyof typeof Owner]
}

/** Whether a row must have an owner, and one that is the entity itself. */
export const Owner = { any: 0, there: 1, itself: 2 } as const

/** Sites from here on are taken for one: an applet's name. */
export const siteBits = 5
export const formIndex = (event: number, site: number): number =>
  (event << siteBits) | (site < firstAppletName ? site : firstAppletName - 1)

const anything = 0xffff

const masksOf = (event: number, site: number): RowMasks | undefined => {
  const isApplet = site === firstAppletName - 1
  const { sites, owner } = formOf[event]!
  if (isApplet !== (sites === "applet name" || event === Event.applet_run)) return undefined
  if (!isApplet && siteMaskOf[event] !== 0 && (siteMaskOf[event]! & (1 << site)) === 0) return undefined
  const place =
    event === Event.alloc ? allocFormAt[site] : event === Event.release ? releaseFormAt[site] : undefined
  return {
    kinds: place === undefined ? (kindMask[event]! << 1) | (entityOptional[event] ? 1 : 0) : 2 << place.kind,
    results: resultMaskOf[event]! || anything,
    sides: place === undefined ? anything : place.sideMask,
    states: place?.states === true ? anything - 1 : anything,
    numbers: numberMaskOf[event]!,
    owner:
      place === undefined
        ? owner
          ? Owner.there
          : Owner.any
        : place.kind === Kind.stream
          ? Owner.itself
          : Owner.there,
  }
}

/** By {@link formIndex}; undefined where the event has no such site. */
export const rowMasks: ReadonlyArray<RowMasks | undefined> = eventNames.flatMap((_, event) =>
  Array.from({ length: firstAppletName }, (_place, site) => masksOf(event, site)),
)
