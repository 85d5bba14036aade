// Lane calls on tensors in host memory, by an executor on Float32Array that works on them in place. Comes in:
// checked calls. Goes out: a tensor for every output. Source: docs/design/09-tfjs.md (why not op by op).

import { mapTree, type Executor, type Tree } from '@lotion/core'
import type * as tfjs from '@tensorflow/tfjs-core'
import type { HostMemory } from './host-memory.js'
import type { TensorCall } from './lane-call.js'

/** Run calls as one. Outputs are new tensors: others may hold the old values, such as a gradient's tape. */
export function hostCalls(
  memory: HostMemory,
  host: Executor<Float32Array>,
  calls: readonly TensorCall[],
): readonly Tree<tfjs.Tensor>[] {
  const outputs = calls.map(({ shapes }) => mapTree(shapes, (shape) => memory.make(shape)))
  host.lanes(
    calls.map(({ fn, inputs, layout }, i) => ({
      fn,
      layout,
      inputs: Object.fromEntries(
        [...inputs].map(([name, x]) => [name, typeof x === 'number' ? x : memory.view(x)]),
      ),
      into: mapTree(outputs[i]!, memory.view),
    })),
  )
  return outputs
}
