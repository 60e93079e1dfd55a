import { allocForms, formOf, maskOf, releaseForms, type SiteForm } from "../domain/row-forms.ts"
import { Kind, Present, Result, Site, siteNames } from "../domain/vocabulary.ts"

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
