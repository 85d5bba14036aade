import { describe, expect, it } from 'vitest'
import { IGNORED_TARGET } from './cross-entropy.js'
import { sampledLabels } from './sampled-labels.js'

const masses = [0.5, 0.125, 0.375]
const rows = 2000
const forward = (scores: readonly number[]) => ({
  run: () =>
    Promise.resolve({
      logits: Float32Array.from({ length: rows * scores.length }, (_, i) => scores[i % scores.length]!),
    }),
})
const batch = {
  y: {
    data: Int32Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? IGNORED_TARGET : 1)),
    shape: [2, rows / 2],
  },
}
const key = { seed: 3, stream: 'labels', step: 2 }

describe('sampledLabels', () => {
  it('draws from the softmax of the logits, by key; targets that do not count stay', async () => {
    const draw = sampledLabels(forward(masses.map(Math.log)))
    const { data, shape } = (await draw({}, batch, key))['y']!
    expect(shape).toEqual([2, rows / 2])
    expect((await draw({}, batch, key))['y']!.data).toEqual(data)
    expect((await draw({}, batch, { ...key, step: 3 }))['y']!.data).not.toEqual(data)
    expect(Array.from(data).every((id, i) => (id === IGNORED_TARGET) === (i % 5 === 0))).toBe(true)
    // Shares of 1600 draws spread by at most .5 / 40: four sigmas are .05.
    masses.forEach((mass, id) => {
      const share = data.filter((found) => found === id).length / 1600
      expect(Math.abs(share - mass)).toBeLessThan(0.05)
    })
  })

  it('survives scores far from 0 and of weights that diverged, and refuses what is not a row for each target', async () => {
    expect((await sampledLabels(forward([1000, -1000]))({}, batch, key))['y']!.data[1]).toBe(0)
    const short = { run: () => Promise.resolve({ logits: new Float32Array(7) }) }
    await expect(sampledLabels(short)({}, batch, key)).rejects.toThrow(
      'logits: expected one row for each of 2000 targets',
    )
    expect((await sampledLabels(forward([Number.NaN, 0]))({}, batch, key))['y']!.data[1]).toBe(0)
  })
})
