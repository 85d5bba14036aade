// A checkpoint's weights as a model takes them. Comes in: a model, a source of tensors. Goes out: parameters
// by name, linear weights [out, in].

import { leafOf, sizeOf, type Tree } from '@lotion/core'
import { checkTensors, type TensorShapes } from './check-tensors.js'
import type { Architecture, CausalModel } from './define-architecture.js'

/** What weights are read from: a file of any format that knows names, shapes and values. */
export interface ParameterSource {
  /** Names and shapes of all tensors. */
  readonly tensors: TensorShapes
  /**
   * Read one.
   * @param name One of `tensors`.
   */
  read(name: string): Promise<Float32Array>
}

/** How weights are loaded. */
export interface LoadParametersOptions {
  /** What the source is of. Default: the first architecture that can describe the model. */
  readonly architecture?: Architecture
  /** Arrays by parameter that take the weights, such as those an engine allocated. Default: new ones. */
  readonly into?: Tree<Float32Array>
  /**
   * Parameters that are read, where not all are wanted at once; what the source holds is checked whole all
   * the same. Default: all.
   */
  readonly only?: readonly string[]
}

/** Turn a matrix [rows, columns] around. */
function transposedInto(from: Float32Array, rows: number, columns: number, into: Float32Array): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) into[column * rows + row] = from[row * columns + column]!
}

/**
 * Load a model's weights, one tensor at a time.
 * @param model One made by `llama`, `gpt2` or an architecture.
 * @param source Names, shapes and values.
 * @param options The architecture, and arrays to write to.
 * @throws RangeError if a tensor is missing, too much, misshapen or of another length than its shape, if a
 * tied head is stored with other weights than the embedding's, or an array of `into` is missing or of another
 * length; Error if `only` names what is no parameter.
 * @example
 * ```ts
 * import { llama, loadParameters } from '@lotion/models'
 *
 * const model = llama({ vocabulary: 256, dimension: 32, layers: 1, heads: 4, context: 16 })
 * const saved = model.init(1)
 * const params = await loadParameters(model, {
 *   tensors: Object.fromEntries(
 *     Object.entries(model.shapes).map(([name, shape]) => [name, { shape }]),
 *   ),
 *   read: async (name) => saved[name]!,
 * })
 * console.log(Object.keys(params).length)
 * ```
 */
export async function loadParameters(
  model: CausalModel,
  source: ParameterSource,
  { architecture, into, only = Object.keys(model.shapes) }: LoadParametersOptions = {},
): Promise<Record<string, Float32Array>> {
  const { parameters, tiedHead } = checkTensors(model, source.tensors, architecture)
  const read = async (name: string, size: number): Promise<Float32Array> => {
    const values = await source.read(name)
    if (values.length === size) return values
    throw new RangeError(`'${name}': expected ${size} values, found ${values.length}`)
  }
  const loaded: Record<string, Float32Array> = {}
  for (const parameter of only) {
    const shape = leafOf(model.shapes, parameter, 'parameters')
    const { name, transposed, shape: stored } = parameters[parameter]!
    const size = sizeOf(shape)
    const values = await read(name, size)
    const target = into === undefined ? new Float32Array(size) : into[parameter]
    if (target?.length !== size)
      throw new RangeError(`into: '${parameter}': expected ${size} values, found ${target?.length ?? 'none'}`)
    if (transposed) transposedInto(values, stored[0]!, stored[1]!, target)
    else target.set(values)
    loaded[parameter] = target
  }
  const embedding = tiedHead && loaded[tiedHead.embedding]
  if (tiedHead !== undefined && embedding !== undefined) {
    const head = await read(tiedHead.name, embedding.length)
    const differing = head.findIndex((weight, i) => weight !== embedding[i])
    if (differing >= 0) {
      throw new RangeError(
        `'${tiedHead.name}': expected the weights of '${tiedHead.embedding}', which the head shares, found ` +
          `${head[differing]} instead of ${embedding[differing]} at ${differing}; ` +
          `a head of its own needs tie_word_embeddings: false (tied: false)`,
      )
    }
  }
  return loaded
}
