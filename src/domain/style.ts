/** How a text for people is painted; without colours every function returns its text as it is. */

export type Paint = (text: string) => string

export interface Style {
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
  readonly cyan: Paint
}

const same: Paint = (text) => text

/** No colours: for files, pipes and NO_COLOR. */
export const plain: Style = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same }
