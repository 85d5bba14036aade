// Equality to the last bit. Comes in: arrays, or trees of them. Goes out: whether they are equal, or an error
// that says where not.

import assert from 'node:assert/strict'
import type { Tree } from '@lotion/core'

/**
 * Compare to the last bit, the sign of 0 included; NaNs as a class.
 * @throws AssertionError with name, place and both values.
 */
export function expectSame(found: Tree<ArrayLike<number>>, expected: Tree<ArrayLike<number>>): void {
  for (const [name, values] of Object.entries(expected)) {
    const got = found[name]
    assert(got, `expected an array '${name}', found ${Object.keys(found).join(', ')}`)
    assert.equal(got.length, values.length, `length of '${name}'`)
    for (let i = 0; i < values.length; i++)
      if (!Object.is(got[i], values[i]))
        assert.deepEqual({ name, i, value: got[i] }, { name, i, value: values[i] })
  }
}

/** Whether arrays have the same bytes: of a NaN too. */
export const sameBytes = (a: Float32Array, b: Float32Array | undefined): boolean =>
  b !== undefined && Buffer.compare(bytesOf(a), bytesOf(b)) === 0

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
