// Data of the kernel tests: deterministic operands that stay clear of kinks, and the shape of a test case.
// Comes in: sizes and ranges. Goes out: host arrays.

import type { HostArray, Shape, Tree } from '@lotion/core'
import type * as tf from '@tensorflow/tfjs-core'

/** State one comparison with tfjs's cpu backend. */
export interface KernelCase {
  /** Name of the operation and of what is special about this case. */
  readonly name: string
  readonly inputs: Tree<HostArray>
  readonly fn: (inputs: Readonly<Record<string, tf.Tensor>>) => tf.Tensor
  /** Arguments to differentiate by; none where tfjs has no gradient. */
  readonly differentiate?: readonly string[]
}

/** Fill a float32 array with distinct values spread irregularly over [from, to]. */
export function floats(shape: Shape, from = -2, to = 2): HostArray {
  const size = shape.reduce((product, extent) => product * extent, 1)
  // Multiples of the golden ratio, modulo 1, are evenly spread and never repeat.
  return {
    data: Float32Array.from({ length: size }, (_, i) => from + (to - from) * (((i + 1) * 0.6180339887) % 1)),
    shape,
  }
}

/** Fill an int32 array with values in [0, below), in an irregular order with repeats. */
export function ints(shape: Shape, below: number): HostArray {
  const size = shape.reduce((product, extent) => product * extent, 1)
  return { data: Int32Array.from({ length: size }, (_, i) => (i * 7 + ((i * i) >> 1)) % below), shape }
}

/** Give exact values. */
export const list = (values: readonly number[], shape: Shape = [values.length]): HostArray => ({
  data: Float32Array.from(values),
  shape,
})

/** Give exact integers. */
export const intList = (values: readonly number[], shape: Shape = [values.length]): HostArray => ({
  data: Int32Array.from(values),
  shape,
})

/** Make a case of one float operand, differentiated by it. */
export const ofOne = (
  name: string,
  fn: (x: tf.Tensor) => tf.Tensor,
  x: HostArray = floats([3, 5]),
): KernelCase => ({
  name,
  inputs: { x },
  fn: ({ x: tensor }) => fn(present(tensor)),
  differentiate: x.data instanceof Float32Array ? ['x'] : [],
})

/** Make a case of one operand that is not differentiated. */
export const valueOfOne = (
  name: string,
  fn: (x: tf.Tensor) => tf.Tensor,
  x: HostArray = floats([3, 5]),
): KernelCase => ({
  name,
  inputs: { x },
  fn: ({ x: tensor }) => fn(present(tensor)),
})

/** Make a case of two operands, differentiated by those that are floats. */
export const ofTwo = (
  name: string,
  fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  a: HostArray = floats([3, 5]),
  b: HostArray = floats([3, 5], -1.7, 2.3),
): KernelCase => ({
  name,
  inputs: { a, b },
  fn: (inputs) => fn(present(inputs['a']), present(inputs['b'])),
  differentiate: Object.entries({ a, b }).flatMap(([key, { data }]) =>
    data instanceof Float32Array ? [key] : [],
  ),
})

/** Make a case of two operands without gradients. */
export const valueOfTwo = (
  name: string,
  fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  a?: HostArray,
  b?: HostArray,
): KernelCase => ({ ...ofTwo(name, fn, a, b), differentiate: [] })

/** Insist on a tensor that a case declares. */
export function present<A>(value: A | undefined): A {
  if (value === undefined) throw new Error('a kernel case reads an operand that it does not declare')
  return value
}
