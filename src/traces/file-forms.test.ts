import { expect, it } from "vitest"
import { compressions } from "./compressions.ts"
import { fileFormOf, fileForms } from "./file-forms.ts"
import { formNames } from "./form-names.ts"
import { formats } from "./formats.ts"

it("the forms are made of the formats and the compressions, and all of them are used", () => {
  for (const { name, format, compression } of fileForms) {
    expect(name).toBe(format.name + (compression?.suffix ?? ""))
    expect(format.fileNames.test(`run.${name}`)).toBe(true)
  }
  expect(new Set(fileForms.map(({ format }) => format))).toEqual(new Set(formats))
  expect(new Set(fileForms.map(({ compression }) => compression))).toEqual(
    new Set([undefined, ...compressions]),
  )
})

const promises: ReadonlyArray<readonly [path: string, name: string | undefined]> = [
  ...formNames.map((name) => [`a/run.${name}`, name] as const),
  ["RUN.CSV.GZ", "csv.gz"],
  ["run.v2.csv", "csv"],
  [".csv", "csv"],
  ["run.gz", undefined],
  ["csv", undefined],
  ["run.csvx", undefined],
  ["run.csv.gz.part", undefined],
  ["a.csv/run", undefined],
  ["-", undefined],
]

it.each(promises)("%s promises %s", (path, name) => {
  expect(fileFormOf(path)?.name).toBe(name)
})
