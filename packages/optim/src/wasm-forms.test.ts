import {
  castNearest,
  castSample,
  layoutOf,
  mapTree,
  sizeOf,
  uniforms,
  type LaneFn,
  type NumberFormat,
  type Tree,
} from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { adamSecondMoment, exact } from '@lotion/fisher'
import {
  builtInFormats,
  castStatistics,
  e8m0Floor,
  fixedScale,
  int4,
  mseClip,
  mxfp4,
  withScale,
} from '@lotion/formats'
import {
  dithered,
  gaussian,
  logistic,
  nearest,
  randomizedRounding,
  smoothstep,
  spread,
  uniformDither,
} from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { adamw } from './adamw.js'
import { cage } from './cage.js'
import { clipByGlobalNorm } from './clip-by-global-norm.js'
import { lotion } from './lotion.js'
import { withMethod, type Method } from './method.js'
import { byName } from './quantize-rule.js'
import { sgd } from './sgd.js'
import { chain } from './transformation.js'
import { createUpdater } from './updater.js'

// A formula with an operation that has no WebAssembly form runs as JavaScript, 10 to 40 times slower, and nothing fails.

const executor = cpuExecutor({ threads: 1 })
const shapes = { matrix: [2, 96], bias: [3] }
const formats: readonly NumberFormat[] = [
  ...builtInFormats,
  withScale(mxfp4, e8m0Floor),
  withScale(int4, mseClip()),
  withScale(int4, fixedScale(0.3)),
]
const noises = [
  randomizedRounding,
  nearest,
  spread(),
  smoothstep,
  dithered(0.3),
  uniformDither,
  gaussian(),
  logistic(),
]
const optimizers = {
  sgd: sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
  adamw: adamw({ learningRate: 0.1, weightDecay: 0.1 }),
}
const arrays = (stream: string): Tree<Float32Array> =>
  mapTree(shapes, (shape, name) =>
    executor.upload(
      uniforms({ seed: 4, stream: `${stream} ${name}` }, sizeOf(shape)).map((u) => u - 0.5),
      shape,
    ),
  )

/** Take a step of a method with an optimizer. */
function step(method: Method, optimizer: keyof typeof optimizers): void {
  const quantize = byName()
  const updater = createUpdater({
    transformation: chain(clipByGlobalNorm(1), withMethod(method, optimizers[optimizer], quantize)),
    shapes,
    executor,
  })
  const [params, gradients, curvature] = [arrays('w'), arrays('g'), arrays('h')]
  const at = { step: 0, steps: 9, atPoint: true }
  updater.step(params, updater.init(), { loss: 0, terms: 1, gradients, curvature }, at)
}

/** Run a formula of weights and uniforms. */
function run(fn: LaneFn, format: NumberFormat): void {
  const layout = layoutOf(shapes.matrix, format.block)
  executor.lanes([{ fn, inputs: { w: arrays('w')['matrix']!, u: arrays('u')['matrix']! }, layout }])
}

describe('in WebAssembly run', () => {
  it.each(formats.map((format) => [`${format.name}, ${format.scale.name}`, format] as const))(
    'casts, statistics and steps of %s',
    (_, format) => {
      // Fisher estimate and optimizer stand beside the noise in a step: each pair is run, not each triple.
      for (const noise of noises) {
        run(castSample(format, noise), format)
        step(lotion({ format, noise, onWarning: () => undefined }), 'adamw')
      }
      step(lotion({ format }), 'sgd')
      step(lotion({ format, fisher: exact() }), 'sgd')
      step(lotion({ format, fisher: exact(), scaleGradient: false }), 'adamw')
      step(lotion({ format, fisher: adamSecondMoment() }), 'adamw')
      step(cage({ format }), 'adamw')
      run(castNearest(format), format)
      run(castStatistics(format), format)
      expect(executor.report().formulas.filter(({ backend }) => backend !== 'wasm')).toEqual([])
    },
  )
})
