/** What a report says of a part of the fix; the semantics' registry has it. */
export interface PartNote {
  readonly name: string
  readonly commit: string
  /** In HAProxy's tree. */
  readonly places: ReadonlyArray<{ readonly file: string; readonly function: string }>
  readonly before: string
  readonly after: string
}

/** Places with each file named once: `src/applet.c: applet_run_active, applet_free`. */
export const placesText = (places: PartNote["places"]): string => {
  const files = [...new Set(places.map(({ file }) => file))]
  const functionsOf = (file: string) =>
    places.filter((place) => place.file === file).map((place) => place.function)
  return files.map((file) => `${file}: ${functionsOf(file).join(", ")}`).join("; ")
}
