// What curves, dots and axes of a figure are. Comes in: nothing. Goes out: types.

/** A curve: its values at the places of the axis, and how it is drawn. */
export interface Curve {
  readonly name: string
  readonly y: readonly number[]
  readonly kind: 'plain' | 'cast' | 'smooth' | 'mean' | 'draws'
  /** Places before which the curve is not joined: it jumps there, and has no value between. */
  readonly gaps?: ReadonlySet<number>
}

/** A dot of a figure. */
export interface Dot {
  readonly x: number
  readonly y: number
}

/** What an axis is called, and which of its numbers are written. */
export interface Axis {
  readonly name: string
  readonly numbers: readonly number[]
}

/** A number as it stands in a text: with a true minus. */
export const written = (value: number, digits = 3): string => value.toFixed(digits).replace('-', '−')
