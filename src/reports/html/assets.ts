import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { findPackageJSON } from "node:module"
import { dirname, join } from "node:path"

/** What every page holds: its script and its style, and how a Content-Security-Policy names them. */
export interface Assets {
  readonly script: string
  readonly style: string
  readonly policy: string
}

/**
 * The page's script and style as scripts/build.mjs has built them. Throws an Error that says what to do where they are not.
 */
export const loadAssets = (folder: string = builtFolder()): Assets =>
  assetsOf(built(folder, "page.js"), built(folder, "page.css"))

/** Found from the package's own folder: this runs from the sources, and from the bundle. */
const builtFolder = (): string => {
  const manifest = findPackageJSON(import.meta.url)
  if (manifest === undefined) throw new Error("wakediff's own package.json is not there: install it again")
  return join(dirname(manifest), "dist", "report")
}

const built = (folder: string, name: string): string => {
  const path = join(folder, name)
  try {
    return readFileSync(path, "utf8").trim()
  } catch (cause) {
    throw new Error(`the HTML report's ${name} is not built (no ${path}): run \`npm run build\``, { cause })
  }
}

export const assetsOf = (script: string, style: string): Assets => {
  // Either would end its element, or change how the page is parsed; esbuild writes neither.
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new Error("the HTML report's script or style can't stand inside a page")
  }
  return { script, style, policy: policyOf(script, style) }
}

const policyOf = (script: string, style: string): string =>
  [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ")

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`
