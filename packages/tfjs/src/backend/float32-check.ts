// Whether a backend computes in 32 bits: graphics processors without float textures compute in 16.
// Comes in: an instance of tfjs whose backend is set. Goes out: what is wrong, if anything.

import type * as tfjs from '@tensorflow/tfjs-core'

/** Compute three numbers that 16 bits cannot hold; say what differs. */
export async function failsFloat32(tf: typeof tfjs): Promise<string | undefined> {
  const found = await tf
    .tidy(() => {
      const least = tf.add(1, tf.scalar(2 ** -23))
      return tf.stack([tf.sub(least, 1), tf.mul(tf.scalar(1e30), 1e8), tf.add(tf.scalar(16777215), 0)])
    })
    .data()
    .then((values) => [...values])
  const expected = [2 ** -23, Math.fround(Math.fround(1e30) * 1e8), 16777215]
  const names = ['(1 + 2⁻²³) − 1', '10³⁰ · 10⁸', '16777215 + 0']
  const wrong = expected.findIndex((value, i) => value !== found[i])
  return wrong < 0 ? undefined : `${names[wrong]} = ${found[wrong]}`
}
