import { button, el } from "./dom.ts"

/** Commands, with a button that copies them. */

export const commandBlock = (text: string): HTMLElement => {
  const block = el("pre", { class: "command" }, el("code", {}, text))
  addCopyButton(block)
  return block
}

export const addCopyButtons = (): void => {
  for (const block of document.querySelectorAll<HTMLElement>("pre.command")) addCopyButton(block)
}

const addCopyButton = (block: HTMLElement): void => {
  const text = block.textContent ?? ""
  const copy = button("Copy", { class: "copy", "aria-label": `Copy the command ${text}` }, async () => {
    copy.textContent = (await copied(text, block)) ? "Copied" : "Press Ctrl+C"
    setTimeout(() => (copy.textContent = "Copy"), 1500)
  })
  block.append(copy)
}

/** Where the clipboard is refused, the command is selected instead, for the keyboard. */
const copied = async (text: string, block: HTMLElement): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    getSelection()?.selectAllChildren(block.firstElementChild!)
    return false
  }
}
