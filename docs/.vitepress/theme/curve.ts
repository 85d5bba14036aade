// What curves and dots of a figure are. Comes in: nothing. Goes out: types.

/** A curve: its values at the places of the axis, and how it is drawn. */
export interface Curve {
  readonly name: string
  readonly y: readonly number[]
  readonly kind: 'plain' | 'cast' | 'smooth' | 'draws'
}

/** A dot of a figure. */
export interface Dot {
  readonly x: number
  readonly y: number
}
