import { allocForms, formOf, maskOf, releaseForms, type SiteForm } from "../src/domain/row-forms.ts"
import * as vocabulary from "../src/domain/vocabulary.ts"
import { bitOf } from "../src/semantics/registry.ts"

const { Kind, Present, Result, Site, entityKinds } = vocabulary

/** An enum of codes; names that C does not allow, such as an empty cell's, get what it does. */
const enumOf = (prefix: string, codes: Readonly<Record<string, number>>): string => {
  const members = Object.entries(codes).map(
    ([name, code]) => `${prefix}_${name === "" ? "EMPTY" : name.replaceAll("-", "_")} = ${code}`,
  )
  return `enum { ${members.join(", ")} };`
}

const listOf = (name: string, words: ReadonlyArray<string>): string =>
  `static const char *const ${name}[] = { ${words.map((word) => `"${word}"`).join(", ")} };`

const rowForm = (form: (typeof formOf)[number]): string => {
  const kinds = maskOf(form.kinds.map((kind) => Kind[kind]))
  const optional = form.entityOptional === true || form.kinds.length === 0
  const sites = Array.isArray(form.sites) ? maskOf(form.sites.map((name) => Site[name as never])) : 0
  const results = maskOf((form.results ?? []).map((name) => Result[name]))
  const numbers = (form.numbers ?? []).reduce((mask, name) => mask | Present[name], 0)
  return `  { ${kinds}, ${Number(optional)}, ${sites}, ${results}, ${numbers} },`
}

const placeForm = (form: SiteForm | undefined): string =>
  form === undefined
    ? "  { -1, 0, 0 },"
    : `  { ${form.kind}, ${maskOf(form.sides)}, ${Number(form.states)} },`

const placeForms = (name: string, forms: ReadonlyMap<number, SiteForm>): string =>
  [
    `static const struct place_form ${name}[] = {`,
    ...vocabulary.siteNames.map((_, site) => placeForm(forms.get(site))),
    "};",
  ].join("\n")

/** The project's words, codes and row forms as a C header, so that the native program has no list of its own. */
export const vocabularyHeader = (): string =>
  `${[
    "/* Made by bench/native-vocabulary.ts from src/domain and src/semantics. */",
    "#include <stdint.h>",
    enumOf("EVENT", vocabulary.Event),
    enumOf("SITE", Site),
    enumOf("SIDE", vocabulary.Side),
    enumOf("STATE", vocabulary.BufferState),
    enumOf("RESULT", Result),
    enumOf("KIND", Kind),
    enumOf("PRESENT", Present),
    enumOf("PART", bitOf),
    `#define KIND_LETTERS "${entityKinds.map(({ letter }) => letter).join("")}"`,
    `#define HEADER_LINE "${vocabulary.columnNames.join(",")}"`,
    "#ifdef WORDS",
    listOf("event_names", vocabulary.eventNames),
    listOf("site_names", vocabulary.siteNames),
    listOf("side_names", vocabulary.sideNames),
    listOf("buffer_state_names", vocabulary.bufferStateNames),
    listOf("result_names", vocabulary.resultNames),
    "struct row_form { uint32_t kind_mask, entity_optional, site_mask, result_mask, number_mask; };",
    "struct place_form { int kind; uint32_t side_mask, states; };",
    "static const struct row_form row_forms[] = {",
    ...formOf.map(rowForm),
    "};",
    placeForms("alloc_forms", allocForms),
    placeForms("release_forms", releaseForms),
    "#endif",
    "",
  ].join("\n")}`
