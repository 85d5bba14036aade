// Executor on tf.Tensor, on whatever backend is current: in host memory by CPU kernels, on webgpu as few
// programs, elsewhere op by op. Comes in: lane calls over tensors. Goes out: tensors, or variables assigned.
// Source: docs/design/09-tfjs.md.

import { checkUpload, sizeOf, uniforms, type Executor, type Shape, type Tree } from '@lotion/core'
import { oneOf, refuseUnknownKeys } from '@lotion/core/internal'
import { cpuExecutor } from '@lotion/cpu'
import * as defaultTf from '@tensorflow/tfjs-core'
import { oneCore } from '../core-instance.js'
import { backendSums, orderedSums } from './block-sums.js'
import { foldCalls, type FoldMaker } from './fold-calls.js'
import { hostCalls } from './host-calls.js'
import { hostMemory } from './host-memory.js'
import { boundsOf } from './backend-bounds.js'
import { tensorCall, type TensorCall } from './lane-call.js'
import { routeBook, type TfjsRoute } from './route-report.js'
import { untaped } from './untaped.js'
import { fusedFold } from '../webgpu/fused-fold.js'
import { webgpuBackend } from '../webgpu/webgpu-backend.js'

type Tf = typeof defaultTf
type Tensor = defaultTf.Tensor

/** How the executor runs. */
export interface TfjsExecutorOptions {
  /** The instance of tfjs. Default: the imported `@tensorflow/tfjs-core`. */
  readonly tf?: Tf
  /**
   * What computes on tensors in host memory, on the backends `cpu` and `wasm`. Default: a `cpuExecutor()`,
   * made when first needed; `false` runs formulas as tfjs operations there too, 50 to 90 times slower.
   */
  readonly host?: Executor<Float32Array> | false
  /** Run formulas on `webgpu` as few programs made from them; else op by op. Default true. */
  readonly programs?: boolean
}

/** The executor over tensors. */
export interface TfjsExecutor extends Executor<Tensor> {
  /** Say which way each formula last ran, and why not a faster one. */
  report(): readonly TfjsRoute[]
}

/**
 * Make the executor over tensors. `zeros` and `upload` give variables that are not trainable, to be written
 * to by `into`; what `lanes` makes without `into`, and `uniforms`, are ordinary tensors of the current
 * `tf.tidy` scope; outside one, and for variables, `free` disposes them. All arguments of all calls are
 * checked before the first variable is assigned. No gradient flows through `lanes`: see `laneOp`.
 * @throws TypeError if an option is unknown, RangeError if one is out of its range.
 * @example
 * ```ts
 * import { castNearest, layoutOf } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 * import { tfjsExecutor } from '@lotion/tfjs'
 *
 * const executor = tfjsExecutor()
 * const w = executor.upload(Float32Array.of(0.31, -1.2, 0.05, 0.6), [4])
 * const [out] = executor.lanes([{ fn: castNearest(int4), inputs: { w }, layout: layoutOf([4], int4.block) }])
 * console.log(await executor.read(out!['w']!))
 * ```
 */
export function tfjsExecutor(options: TfjsExecutorOptions = {}): TfjsExecutor {
  refuseUnknownKeys('tfjsExecutor', options, { tf: true, host: true, programs: true })
  const { host, programs = true } = options
  const tf = oneCore(options.tf ?? defaultTf)
  oneOf('programs', programs, [true, false])
  let made: Executor<Float32Array> | undefined
  const book = routeBook()
  const run = (calls: readonly TensorCall[]): readonly Tree<Tensor>[] => {
    const backend = tf.getBackend()
    const memory = hostMemory(tf)
    if (memory && host !== false) {
      for (const { fn } of calls) book.note({ formula: fn.name, backend, route: 'host memory' })
      return hostCalls(memory, host ?? (made ??= cpuExecutor()), calls)
    }
    const device = webgpuBackend(tf)
    const fused: FoldMaker = (call, stages, totals) => {
      const found = !device
        ? `the backend ${backend} runs no programs of others`
        : programs
          ? fusedFold(tf, device, call, stages, totals)
          : 'programs: false'
      const note = { formula: call.fn.name, backend }
      if (typeof found === 'string') {
        book.note({ ...note, route: 'op by op', reason: memory ? 'host: false' : found })
        return undefined
      }
      book.note({ ...note, route: 'programs', programs: found.programs })
      return found.fold
    }
    return foldCalls(tf, calls, memory ? orderedSums(tf, memory) : backendSums(tf), fused)
  }
  const variable = (values: Float32Array, shape: Shape): Tensor =>
    tf.tidy(() => tf.variable(tf.tensor(values, [...shape], 'float32'), false))
  return Object.freeze({
    name: 'tfjs',
    arithmetic: 'f32',
    get bounds() {
      return boundsOf(tf.getBackend())
    },
    lanes: (calls) => {
      const checked = calls.map(tensorCall)
      return untaped(tf, () => {
        const results = run(checked)
        return checked.map(({ into }, i): Tree<Tensor> => {
          for (const [name, target] of Object.entries(into)) target.assign(results[i]![name]!)
          return { ...results[i], ...into }
        })
      })
    },
    uniforms: (key, length) => tf.tensor1d(uniforms(key, length), 'float32'),
    zeros: (shape) => variable(new Float32Array(sizeOf(shape)), shape),
    upload: (data, shape) => {
      checkUpload(data, shape)
      // tfjs backends may keep the array they are given.
      return variable(new Float32Array(data), shape)
    },
    read: async (x) => new Float32Array(await x.data<'float32'>()),
    free: (x) => x.dispose(),
    report: book.read,
  } satisfies TfjsExecutor)
}
