// Whether a backend computes in 32 bits: graphics processors without float textures compute in 16.
// Comes in: an instance of tfjs whose backend is set. Goes out: what is wrong, if anything.

import type * as tfjs from '@tensorflow/tfjs'

/** Compute three numbers that 16 bits cannot hold; say what differs. */
export async function failsFloat32(tf: typeof tfjs): Promise<string | undefined> {
  const found = await tf
    .tidy(() => {
      const least = tf.scalar(1).add(tf.scalar(2 ** -23))
      return tf.stack([least.sub(1), tf.scalar(1e30).mul(1e8), tf.scalar(16777215).add(0)])
    })
    .data()
    .then((values) => [...values])
  const expected = [2 ** -23, Math.fround(Math.fround(1e30) * 1e8), 16777215]
  const names = ['(1 + 2⁻²³) − 1', '10³⁰ · 10⁸', '16777215 + 0']
  const wrong = expected.findIndex((value, i) => value !== found[i])
  return wrong < 0 ? undefined : `${names[wrong]} = ${found[wrong]}`
}
