import { normals } from '@lotion/core'
import { rotaryFrequencies } from '@lotion/core/internal'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { causalMask } from './causal-attention.js'
import { positions } from './positions.js'
import { rotaryTable, rotate, scaleTable } from './rotary.js'

beforeAll(() => tf.setBackend('cpu'))

const T = 9
const D = 6
const feature = (stream: string) => normals({ seed: 1, stream }, D)

const table = (length: number, width: number, base: number) =>
  rotaryTable(tf.reshape(positions(length), [length, 1]), rotaryFrequencies(width, base))

/** The same feature vector at every position, turned: [T][D]. */
function everywhere(vector: Float32Array): number[][] {
  return tf.tidy(() => {
    const x = tf.reshape(tf.tile(tf.reshape(tf.tensor1d(vector), [1, D]), [T, 1]), [1, 1, T, D])
    return tf.reshape<tf.Rank.R2>(rotate(x, table(T, D, 100)), [T, D]).arraySync()
  })
}

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)

describe('rotate', () => {
  const q = everywhere(feature('q'))
  const k = everywhere(feature('k'))

  test('makes a product depend on the distance alone', () => {
    for (let distance = 0; distance < T; distance++) {
      for (let t = distance; t < T; t++) {
        // f32: a dozen roundings of products of order 1.
        expect(Math.abs(dot(q[t]!, k[t - distance]!) - dot(q[distance]!, k[0]!))).toBeLessThan(2e-6)
      }
    }
    expect(Math.abs(dot(q[1]!, k[0]!) - dot(q[0]!, k[0]!))).toBeGreaterThan(0.01)
  })

  test('leaves position 0 and every length as they are', () => {
    q[0]!.forEach((value, i) => expect(value).toBe(feature('q')[i]))
    q.forEach((row) => expect(Math.abs(dot(row, row) - dot(q[0]!, q[0]!))).toBeLessThan(1e-6))
  })

  test('turns the first pair by one radian a position', () => {
    expect(rotaryFrequencies(4, 10_000)).toEqual([1, 0.01])
    const [cos, sin] = tf.tidy(() => {
      const scaled = scaleTable(table(3, 4, 10_000), 2)
      return [scaled.cos, scaled.sin].map((part) => (part as tf.Tensor2D).arraySync())
    })
    expect(Math.abs(cos![2]![0]! - 2 * Math.cos(2))).toBeLessThan(3e-7)
    expect(Math.abs(sin![2]![1]! - 2 * Math.sin(0.02))).toBeLessThan(3e-7)
  })
})

describe('positions and mask', () => {
  test.each([1, 2, 3, 16, 17, 1500])('count to %d', (length) => {
    expect([...tf.tidy(() => positions(length).dataSync())]).toEqual(Array.from({ length }, (_, i) => i))
  })

  test('hide what comes later', () => {
    const mask = tf.tidy(() => [...causalMask(3).dataSync()])
    // + 0: the mask's zeros are negative.
    expect(mask.map((value) => value + 0)).toEqual([0, -1e9, -1e9, 0, 0, -1e9, 0, 0, 0])
  })
})
