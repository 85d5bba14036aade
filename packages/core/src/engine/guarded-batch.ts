// Reading a batch that may lack an array. Comes in: the tensors of a batch by name. Goes out: the same, where
// a missing name is an error. A program that reads `batch.x` would otherwise hand `undefined` to an
// operation, whose complaint names neither.

import type { Tree } from '../contracts.js'

/**
 * Guard the arrays that a program is given: reading one that is not there throws. Spreading and destructuring
 * work as before; for an array that may be left out, ask `'mask' in batch` first.
 * @param batch Stays as it is; the program is given what comes back.
 * @throws on reading, naming the missing array and those given.
 * @experimental
 */
export function guardedBatch<T>(batch: Tree<T>): Tree<T> {
  return new Proxy(batch, {
    get(target, name, receiver): unknown {
      if (typeof name === 'string' && !(name in target)) {
        throw new TypeError(
          `batch '${name}' is missing; given: ${Object.keys(target).join(', ') || 'nothing'}; ` +
            'pass every array that the program reads',
        )
      }
      return Reflect.get(target, name, receiver)
    },
  })
}
