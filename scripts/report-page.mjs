// How the script and the style of the HTML report are built: for a browser, minified, under the licence of the library that
// draws the charts. scripts/build.mjs writes them to dist/report/, where src/reports/html/assets.ts finds them.
import { readFileSync } from "node:fs"
import { join } from "node:path"

/**
 * @param {string} root the repository
 * @returns {import("esbuild").BuildOptions & { write?: boolean }}
 */
export const reportPage = (root) => {
  const uplot = join(root, "node_modules", "uplot")
  const { version } = JSON.parse(readFileSync(join(uplot, "package.json"), "utf8"))
  const notice = `/*! uPlot ${version}\n\n${readFileSync(join(uplot, "LICENSE"), "utf8").trim()}\n*/`
  return {
    absWorkingDir: root,
    entryPoints: ["src/reports/html/browser/page.ts", "src/reports/html/browser/page.css"],
    outdir: "dist/report",
    bundle: true,
    platform: "browser",
    target: ["chrome123", "firefox120", "safari17.5"],
    format: "iife",
    minify: true,
    charset: "utf8",
    banner: { js: notice, css: notice },
    logLevel: "warning",
    legalComments: "none",
  }
}
