// Gradient rules of operations that move or add up numbers. Comes in: dy and the forward attributes.
// Goes out: gradients. tfjs 4.22 leaves out what a mirrored edge repeats, transposes the gradient of a
// cumulative sum that does not run along the last axis, and takes another grid of pixels when it goes back
// through `halfPixelCenters`.

import type * as tfjs from '@tensorflow/tfjs-core'
import type { GradientCall, GradientRule } from './gradient-rule.js'

/** Refuse to go back through a resize whose gradient tfjs takes from another grid of pixels. */
const resize = (kernel: string): GradientRule => ({
  kernel,
  gradients: (call) => {
    if (call.attributes['halfPixelCenters'] === true)
      throw new RangeError(
        `${kernel}: expected no halfPixelCenters in a loss, whose gradient tfjs takes from another grid of pixels, found true; ` +
          'resize the data before, or leave the option out',
      )
    return call.own(call.dy, call.attributes)
  },
})

/** Rules for MirrorPad, Cumsum, ResizeBilinear and ResizeNearestNeighbor. */
export const arrayGradients: readonly GradientRule[] = [
  {
    kernel: 'MirrorPad',
    gradients: (call) => ({ x: () => foldedEdges(call) }),
  },
  {
    // y = T x with T triangular: ∂x = Tᵀ dy, the sum from the other end along the same axis.
    kernel: 'Cumsum',
    gradients: ({ tf, dy, attributes }) => {
      const { axis, exclusive, reverse } = attributes as unknown as tfjs.CumsumAttrs
      return { x: () => tf.cumsum(dy, axis, exclusive, !reverse) }
    },
  },
  resize('ResizeBilinear'),
  resize('ResizeNearestNeighbor'),
]

/** Every padded number is one of x: dy's edges are reversed and added to what they repeat, axis by axis. */
function foldedEdges({ tf, dy, saved, attributes }: GradientCall): tfjs.Tensor {
  const { paddings, mode } = attributes as unknown as tfjs.MirrorPadAttrs
  const { shape } = saved[0]!
  // `reflect` does not repeat the outermost number, `symmetric` does.
  const skipped = mode === 'reflect' ? 1 : 0
  return paddings.reduce<tfjs.Tensor>((folded, [before, after], axis) => {
    const size = shape[axis]!
    const part = (start: number, length: number): tfjs.Tensor =>
      tf.slice(
        folded,
        folded.shape.map((_, k) => (k === axis ? start : 0)),
        folded.shape.map((extent, k) => (k === axis ? length : extent)),
      )
    const edge = (start: number, length: number, at: number): tfjs.Tensor =>
      tf.pad(
        tf.reverse(part(start, length), axis),
        folded.shape.map((_, k): [number, number] => (k === axis ? [at, size - at - length] : [0, 0])),
      )
    const core = part(before, size)
    const withFirst = before > 0 ? tf.add(core, edge(0, before, skipped)) : core
    return after > 0 ? tf.add(withFirst, edge(before + size, after, size - skipped - after)) : withFirst
  }, dy)
}
