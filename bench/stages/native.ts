import { allParts } from "../../src/semantics/registry.ts"
import { nativeFolder } from "../input.ts"
import { now, passCount, type Measurement, type Stage } from "../measured.ts"
import { nativeProgram, nativeReplay, nativeVerify, type NativeSaid } from "../native.ts"
import { oneCore } from "../needs.ts"
import { csvParseNames } from "./csv-parse.ts"

export const nativeNames = {
  replay: "native replay alone",
  verify: "native verify, whole process",
  verifyOneCore: "native verify, whole process, one core",
  verifyLong: "native verify, whole process, long input",
  verifyLongOneCore: "native verify, whole process, long input, one core",
} as const

const refuseDeviations = ({ deviationCount, firstRow, firstKind }: NativeSaid): void => {
  if (deviationCount > 0) throw new Error(`native: the input deviates at row ${firstRow}: ${firstKind}`)
}

const verifying =
  (launcher?: ReadonlyArray<string>): Measurement =>
  (file) => {
    const begin = now()
    const said = nativeVerify(nativeProgram(nativeFolder), file, allParts, launcher)
    const seconds = now() - begin
    refuseDeviations(said)
    return Promise.resolve({ ...said, seconds })
  }

const replaying: Measurement = (file) => {
  const said = nativeReplay(nativeProgram(nativeFolder), file, allParts, passCount)
  refuseDeviations(said)
  return Promise.resolve({ ...said, rowCount: said.timedRowCount })
}

/** The C program: what the machine would give to who did without JavaScript. */
export const nativeStages: ReadonlyArray<Stage> = [
  { name: nativeNames.verify, against: csvParseNames, needs: ["a C compiler"], measure: verifying() },
  {
    name: nativeNames.verifyOneCore,
    against: [nativeNames.verify],
    needs: ["a C compiler", "taskset"],
    measure: verifying(oneCore),
  },
  {
    name: nativeNames.verifyLong,
    against: [nativeNames.verify],
    length: "long",
    needs: ["a C compiler"],
    measure: verifying(),
  },
  {
    name: nativeNames.verifyLongOneCore,
    against: [nativeNames.verify],
    length: "long",
    needs: ["a C compiler", "taskset"],
    measure: verifying(oneCore),
  },
  { name: nativeNames.replay, against: [], withoutBytes: true, needs: ["a C compiler"], measure: replaying },
]
