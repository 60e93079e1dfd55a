import { allParts } from "../../src/semantics/registry.ts"
import { nativeFolder } from "../input.ts"
import { now, passCount, type Stage } from "../measured.ts"
import { nativeProgram, nativeReplay, nativeVerify, type NativeSaid } from "../native.ts"
import { csvParseNames } from "./csv-parse.ts"

export const nativeNames = { replay: "native replay alone", verify: "native verify, whole process" } as const

const refuseDeviations = ({ deviationCount, firstRow, firstKind }: NativeSaid): void => {
  if (deviationCount > 0) throw new Error(`native: the input deviates at row ${firstRow}: ${firstKind}`)
}

/** The C program: what the machine would give to who did without JavaScript. */
export const nativeStages: ReadonlyArray<Stage> = [
  {
    name: nativeNames.verify,
    against: csvParseNames,
    needs: "a C compiler",
    measure: (file) => {
      const begin = now()
      const said = nativeVerify(nativeProgram(nativeFolder), file, allParts)
      const seconds = now() - begin
      refuseDeviations(said)
      return Promise.resolve({ ...said, seconds })
    },
  },
  {
    name: nativeNames.replay,
    against: [],
    inMemory: true,
    needs: "a C compiler",
    measure: (file) => {
      const said = nativeReplay(nativeProgram(nativeFolder), file, allParts, passCount)
      refuseDeviations(said)
      return Promise.resolve({ ...said, rowCount: said.timedRowCount })
    },
  },
]
