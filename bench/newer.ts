import * as fs from "node:fs"
import * as path from "node:path"

/** Whether a file is there and younger than every file below a folder: it was made from what the folder has now. */
export const isNewer = (file: string, folder: string): boolean => {
  const made = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs
  return made !== undefined && filesBelow(folder).every((source) => fs.statSync(source).mtimeMs < made)
}

const filesBelow = (folder: string): ReadonlyArray<string> =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
