// Ids are checked where a program uses them, while it runs eagerly. Comes in: the tensors of a batch, and a
// function that runs kernels. Goes out: the function's result, or an error that names the batch array. tfjs's
// backends differ: cpu refuses an id that its table does not hold, wasm reads beside it, a one-hot encoding
// gives a row of zeros.

import { checkIds, type Batch, type IdRange, type Tree } from '@lotion/core'
import type * as tfjs from '@tensorflow/tfjs-core'
import { indexReads, type Operand } from './index-reads.js'

/**
 * Run a function that looks up or one-hot encodes arrays of a batch, each checked before its first use.
 * Declared arrays have been.
 * @throws what `checkIds` throws, with the table's extent as the range.
 */
export function watchIndices<R>(
  tf: typeof tfjs,
  tensors: Tree<tfjs.Tensor>,
  batch: Batch,
  declared: Tree<IdRange>,
  run: () => R,
): R {
  const watched = Object.entries(tensors).filter(
    ([key, tensor]) => tensor.dtype === 'int32' && !Object.hasOwn(declared, key),
  )
  if (watched.length === 0) return run()
  const reads = indexReads<object>(new Map(watched.map(([key, { dataId }]) => [dataId, key])))
  const engine = tf.engine()
  const runKernel = engine.runKernel.bind(engine)
  const watching: typeof runKernel = <T extends tfjs.Tensor | tfjs.Tensor[]>(
    ...[kernel, inputs, attributes]: Parameters<typeof runKernel>
  ): T => {
    const operands = operandsOf(inputs)
    const read = reads.reads(kernel, operands, attributes ?? {})
    if (read) checkIds(batch, { [read.key]: { below: read.below } })
    const result = runKernel<T>(kernel, inputs, attributes)
    if (!Array.isArray(result)) reads.follow(kernel, operands, result.dataId)
    return result
  }
  // An instance property shadows the class's method: without it the method is back.
  Object.assign(engine, { runKernel: watching })
  try {
    return run()
  } finally {
    Reflect.deleteProperty(engine, 'runKernel')
  }
}

function operandsOf(inputs: tfjs.NamedTensorMap): Record<string, Operand<object>> {
  return Object.fromEntries(
    // Optional operands come as null or undefined, whatever the type says.
    Object.entries(inputs as Record<string, tfjs.Tensor | null | undefined>).flatMap(([name, tensor]) =>
      tensor ? [[name, { identity: tensor.dataId, shape: tensor.shape }]] : [],
    ),
  )
}
