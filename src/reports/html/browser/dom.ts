type Attributes = Readonly<Record<string, string | number | true>>

/** An element with attributes and children. Texts become text nodes: nothing of a trace is ever parsed as HTML. */
export const el = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: ReadonlyArray<Node | string>
): HTMLElementTagNameMap[Tag] => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value === true ? "" : String(value))
  }
  element.append(...children)
  return element
}

/** A button that does something. */
export const button = (label: string, attributes: Attributes, onClick: () => void): HTMLButtonElement => {
  const element = el("button", { type: "button", ...attributes }, label)
  element.addEventListener("click", onClick)
  return element
}

/** A choice of one; the first of each pair is its value, the second what is shown. */
export const select = (
  label: string,
  choices: ReadonlyArray<readonly [value: string, text: string]>,
  onChange: (value: string) => void,
): HTMLLabelElement => {
  const element = el(
    "select",
    { "aria-label": label },
    ...choices.map(([value, text]) => el("option", { value }, text)),
  )
  element.addEventListener("change", () => onChange(element.value))
  return el("label", { class: "field" }, el("span", {}, label), element)
}

/** Puts an element somewhere. The page's policy forbids style attributes, but not this. */
export const place = (
  element: HTMLElement,
  box: { readonly left: number; readonly top: number; readonly width?: number; readonly height?: number },
): void => {
  element.style.left = `${box.left}px`
  element.style.top = `${box.top}px`
  if (box.width !== undefined) element.style.width = `${box.width}px`
  if (box.height !== undefined) element.style.height = `${box.height}px`
}
