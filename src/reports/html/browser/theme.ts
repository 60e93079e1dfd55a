import { button } from "./dom.ts"

/** Light, dark, or as the system says. */

const themes = ["system", "light", "dark"] as const
type Theme = (typeof themes)[number]
const storageKey = "wakediff-theme"

/** Told whenever colours may have changed. */
export const onThemeChange = (listener: () => void): void => {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", listener)
  document.documentElement.addEventListener("wakediff-theme", listener)
}

export const addThemeButton = (target: HTMLElement): void => {
  let theme = stored()
  const toggle = button("", { class: "theme" }, () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length]!
    store(theme)
    apply()
  })
  const apply = (): void => {
    document.documentElement.dataset["theme"] = theme
    toggle.textContent = `Theme: ${theme}`
    document.documentElement.dispatchEvent(new Event("wakediff-theme"))
  }
  target.append(toggle)
  apply()
}

/** A page from a file may be denied its storage. */
const stored = (): Theme => {
  try {
    const value = localStorage.getItem(storageKey)
    return themes.find((theme) => theme === value) ?? "system"
  } catch {
    return "system"
  }
}

const store = (theme: Theme): void => {
  try {
    localStorage.setItem(storageKey, theme)
  } catch {
    // It lasts as long as the page, then.
  }
}
