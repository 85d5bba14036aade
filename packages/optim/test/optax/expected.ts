// What optax does with given gradients, as `make_optax.py` wrote it, and how far our numbers are from it.
// Comes in: expected.json. Goes out: weights by parameter, and distances in units of the last place.

import { leafOf, mapTree, sizeOf, type Shape, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { readFileSync } from 'node:fs'
import { createUpdater, type OptimizerState, type UpdaterOptions } from '../../src/updater.js'

/** Parameters in the order of the file. */
export const shapes: Tree<Shape> = { bias: [7], kernel: [2, 2, 3], matrix: [3, 5] }
export const STEPS = 100

/** The steps whose weights stand in the file. */
const seen: readonly number[] = [1, 10, STEPS]

interface File {
  readonly start: string
  readonly gradients: string
  readonly curvature: string
  readonly scheduleFree: Readonly<Record<'points' | 'averages', readonly string[]>>
  readonly optimizers: Tree<readonly string[]>
  readonly schedules: Tree<string>
}

export const file = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8')) as File

export const numbersOf = (text: string): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer)

const names = Object.keys(shapes)
const sizes = mapTree(shapes, sizeOf)
const TOTAL = Object.values(sizes).reduce((sum, size) => sum + size, 0)

/** One tree out of several that stand one after the other. */
function treeOf(text: string, index = 0): Tree<Float32Array> {
  const flat = numbersOf(text).subarray(index * TOTAL)
  let at = 0
  return Object.fromEntries(
    names.map((name) => {
      const size = leafOf(sizes, name, 'sizes')
      at += size
      return [name, flat.slice(at - size, at)]
    }),
  )
}

/** A diagonal for those that divide by one. */
export const curvature = treeOf(file.curvature)

export const start = (): Tree<Float32Array> => treeOf(file.start)
export const gradientsAt = (step: number): Tree<Float32Array> => treeOf(file.gradients, step)

/** A run with the gradients of the file. */
export interface ParityRun extends Pick<UpdaterOptions<Float32Array>, 'transformation'> {
  /** The whole run's length, as schedules see it. Default: that of the file. */
  readonly steps?: number
  /** What is compared. Default: the weights. */
  readonly read?: (
    params: Tree<Float32Array>,
    state: OptimizerState<Float32Array>,
    updates: number,
  ) => Tree<Float32Array>
}

/** Weights after the seen steps, of a run with the gradients of the file. */
export function trained({
  transformation,
  steps = STEPS,
  read = (params) => params,
}: ParityRun): readonly Tree<Float32Array>[] {
  const updater = createUpdater({ transformation, shapes, executor: cpuExecutor({ threads: 1 }) })
  const params = start()
  const state = updater.init(params)
  const found: Tree<Float32Array>[] = []
  for (let step = 0; step < STEPS; step++) {
    updater.step(params, state, { loss: 0, terms: 1, gradients: gradientsAt(step) }, { step, steps })
    if (seen.includes(step + 1)) found.push(mapTree(read(params, state, step + 1), (w) => w.slice()))
  }
  return found
}

/** One unit of the last place of a number in single precision. */
const unitOf = (value: number): number => 2 ** (Math.floor(Math.log2(value)) - 23)

/**
 * The largest distance from the file a step, in units of the last place of the largest weight of the
 * parameter.
 */
export function distance(found: readonly Tree<Float32Array>[], expected: readonly string[]): number {
  const off = found.flatMap((tree, i) => {
    const theirs = treeOf(expected[i]!)
    return names.map((name) => {
      const [ours, others] = [leafOf(tree, name, 'ours'), leafOf(theirs, name, 'theirs')]
      const largest = Math.max(...ours.map((value, k) => Math.abs(value - others[k]!)))
      return largest / unitOf(Math.max(...others.map(Math.abs))) / seen[i]!
    })
  })
  return Math.max(...off)
}
