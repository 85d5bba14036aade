// The data: points of two half moons, one class each. Put your own here: rows of numbers and their classes.
import { normals, uniforms } from '@lotion/core'

/** Rows of two numbers, and the class of each. */
export interface Points {
  readonly x: { readonly data: Float32Array; readonly shape: readonly [rows: number, columns: 2] }
  readonly y: { readonly data: Int32Array; readonly shape: readonly [rows: number] }
}

/** Draw points; the same seed gives the same ones. */
export function moons(rows: number, seed: number): Points {
  const angle = uniforms({ seed, stream: 'angle' }, rows)
  const noise = normals({ seed, stream: 'noise' }, 2 * rows)
  const classes = Int32Array.from({ length: rows }, (_, i) => i % 2)
  const data = new Float32Array(2 * rows)
  for (const [i, moon] of classes.entries()) {
    const [cos, sin] = [Math.cos(Math.PI * angle[i]), Math.sin(Math.PI * angle[i])]
    data[2 * i] = (moon === 0 ? cos : 1 - cos) + 0.3 * noise[2 * i]
    data[2 * i + 1] = (moon === 0 ? sin : 0.5 - sin) + 0.3 * noise[2 * i + 1]
  }
  return { x: { data, shape: [rows, 2] }, y: { data: classes, shape: [rows] } }
}
