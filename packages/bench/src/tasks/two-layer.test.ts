import { expect, test } from 'vitest'
import { valuesOf } from './task.js'
import { twoLayer } from './two-layer.js'

const problemOf = async (dimension: number, width: number, seed: number) => {
  const workload = await twoLayer.workload(valuesOf(twoLayer, { dimension, width }))
  return (await workload.open(() => undefined)).problem(seed)
}
const problem = await problemOf(6, 3, 2)
const { W, a } = problem.params as { W: Float32Array; a: Float32Array }

/** Loss with one weight moved by h. */
function moved(name: 'W' | 'a', i: number, h: number): number | Promise<number> {
  const params = { W: Float64Array.from(W), a: Float64Array.from(a) }
  params[name][i]! += h
  // The loss reads its arrays as numbers: doubles serve as well, and keep h exact.
  return problem.loss(params as unknown as typeof problem.params)
}

test('gradients and curvature are the loss’s first and second differences', async () => {
  const { loss, gradients, signals } = await problem.gradientStep.run(problem.params, problem.batches(0))
  expect(loss).toBe(await problem.loss(problem.params))
  const h = 0.25
  for (const name of ['W', 'a'] as const) {
    for (let i = 0; i < problem.params[name]!.length; i++) {
      const [up, down] = [await moved(name, i, h), await moved(name, i, -h)]
      // The loss is quadratic in each weight alone: differences are exact, and the network's output is linear
      // in it, so that the Gauss–Newton diagonal is the second derivative. Results are rounded to f32, 6e-8
      // of values below about 2.
      expect(gradients[name]![i]!).toBeCloseTo((up - down) / (2 * h), 6)
      expect((signals!.curvature![name] as Float32Array)[i]!).toBeCloseTo((up + down - 2 * loss) / h ** 2, 6)
    }
  }
})

test('the start is drawn by the seed: W0 ~ N(0, 1/d), a0 ~ N(0, 1/k)', async () => {
  const { params } = await problemOf(128, 64, 0)
  const meanSquare = (x: Float32Array): number => x.reduce((sum, value) => sum + value * value, 0) / x.length
  // Mean squares of n normals spread by √(2 / n): four sigmas are 6 % for W, 71 % for a.
  expect(Math.abs(meanSquare(params['W']!) * 128 - 1)).toBeLessThan(0.06)
  expect(Math.abs(meanSquare(params['a']!) * 64 - 1)).toBeLessThan(0.71)
})
