// Kernels that TensorFlow.js's WebAssembly backend lacks or gets wrong, and that a language model's step needs.
// Comes in: the backend, loaded. Goes out: the kernels registered, until they are taken out again.
// Source: tfjs-backend-wasm 4.22: no UnsortedSegmentSum; a float32 OneHot holds the bits of integers.

import * as tf from '@tensorflow/tfjs'

const backendName = 'wasm'

/** Add the missing kernel and replace the wrong one. Returns a function that undoes it. */
export function repairWasmKernels(): () => void {
  const broken = tf.getKernel('OneHot', backendName)
  if (!broken)
    throw new Error(
      "tfjs wasm: expected the kernel 'OneHot', found none; use @tensorflow/tfjs-backend-wasm 4.22.0",
    )
  const exact: tf.KernelConfig = {
    ...broken,
    kernelFunc: ({ inputs, attrs = {}, backend }) => {
      const indices = broken.kernelFunc({ inputs, attrs: { ...attrs, dtype: 'int32' }, backend })
      if (attrs['dtype'] !== 'float32' || Array.isArray(indices)) return indices
      const hot = tensorOf(indices)
      const result = tf.cast(hot, 'float32')
      hot.dispose()
      return result
    },
  }
  const replace = (kernel: tf.KernelConfig): void => {
    tf.unregisterKernel(kernel.kernelName, backendName)
    tf.registerKernel(kernel)
  }
  replace(exact)
  const lacking = tf.getKernel(segmentSum.kernelName, backendName) === undefined
  if (lacking) tf.registerKernel(segmentSum)
  return () => {
    replace(broken)
    if (lacking) tf.unregisterKernel(segmentSum.kernelName, backendName)
  }
}

/** The gradient of an embedding lookup, Σ rows of x by the ids along its first axes: one-hot(ids)ᵀ · x. */
const segmentSum: tf.KernelConfig = {
  kernelName: 'UnsortedSegmentSum',
  backendName,
  kernelFunc: ({ inputs: { x, segmentIds }, attrs }) => {
    const depth = Number(attrs?.['numSegments'])
    if (x === undefined || segmentIds === undefined)
      throw new Error('UnsortedSegmentSum: expected x and segmentIds')
    return tf.tidy(() => {
      const ids = tf.reshape(tensorOf(segmentIds), [-1])
      const rows = tf.reshape(tensorOf(x), [ids.size, -1])
      const sums = tf.matMul(tf.transpose(tf.oneHot(ids, depth, 1, 0, 'float32')), rows)
      return tf.reshape(sums, [depth, ...x.shape.slice(segmentIds.shape.length)])
    })
  },
}

const tensorOf = (info: tf.TensorInfo): tf.Tensor => tf.engine().makeTensorFromTensorInfo(info)
