import { loadAssets } from "../html/assets.ts"
import { page } from "../html/page.ts"
import type { Renderer } from "../kinds.ts"

/** One self-contained page. Loading reads its script and style; rendering is pure. Throws where they are not built. */
export const html = (): Renderer => {
  const assets = loadAssets()
  return (view) => ({ file: page(view, assets) })
}
