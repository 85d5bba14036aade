// Matrix products in tfjs's own memory. Comes in: tensors [… batch, m, k] and [… batch, k, n], transposed or
// not. Goes out: [… batch, m, n]. Source: packages/cpu/src/gemm; TensorFlow.js's kernels BatchMatMul and
// _FusedMatMul.

import { productPlan } from '@lotion/cpu/internal'
import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core'
import { addressOf, productsOf } from './wasm-backend.js'
import { inputOf, runKernel, type KernelCall, type WasmKernel } from './wasm-kernel.js'

/** Products of float32 tensors; other types are the stock kernel's, which refuses them. */
export const batchMatMul: WasmKernel = Object.freeze<WasmKernel>({
  name: 'BatchMatMul',
  run: (call) => (areFloats(call) ? product(call) : call.stock()),
})

/** The same with a bias, added with broadcasting, and an activation. */
export const fusedMatMul: WasmKernel = Object.freeze<WasmKernel>({
  name: '_FusedMatMul',
  run(call) {
    if (!areFloats(call)) return call.stock()
    const { inputs, attrs } = call
    let result = product(call)
    const apply = (name: string, given: NamedTensorInfoMap, settings = {}): void => {
      const next = runKernel(call, name, given, settings)
      call.backend.disposeData(result.dataId)
      result = next
    }
    if (inputs['bias']) apply('Add', { a: result, b: inputs['bias'] })
    const activation = (attrs['activation'] as string | undefined) ?? 'linear'
    if (activation === 'linear') return result
    const kernel = activations[activation]
    if (!kernel) throw new RangeError(`_FusedMatMul: expected an activation of tfjs, found '${activation}'`)
    if (activation === 'prelu') apply(kernel, { x: result, alpha: inputOf(call, 'preluActivationWeights') })
    else apply(kernel, { x: result }, { alpha: attrs['leakyreluAlpha'] ?? 0 })
    return result
  },
})

/** Kernels of the activations that tfjs fuses. */
const activations: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  prelu: 'Prelu',
  leakyrelu: 'LeakyRelu',
}

const areFloats = (call: KernelCall): boolean =>
  ['a', 'b'].every((name) => inputOf(call, name).dtype === 'float32')

function product(call: KernelCall): TensorInfo {
  const { attrs, backend } = call
  const [a, b] = [inputOf(call, 'a'), inputOf(call, 'b')]
  const transposes = { transposeA: attrs['transposeA'] === true, transposeB: attrs['transposeB'] === true }
  const plan = productPlan(a.shape, b.shape, transposes)
  // Reserving may grow the memory: before the output, and the output before its address is taken.
  const gemm = productsOf(backend)
  const c = backend.makeOutput(plan.shape, 'float32')
  gemm.run(plan, { a: addressOf(backend, a), b: addressOf(backend, b), c: addressOf(backend, c) })
  return c
}
