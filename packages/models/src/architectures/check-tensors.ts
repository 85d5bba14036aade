// Whether a checkpoint is that of a model. Comes in: a model, the names and shapes of a checkpoint's tensors.
// Goes out: where each parameter is, or an error that names what is missing, too much or of another shape.

import type { Shape } from '@lotion/core'
import { architectureOf } from './architectures.js'
import type { Architecture, CausalModel } from './define-architecture.js'
import { storedTensors, type StoredTensor } from './stored-tensors.js'

/** Tensors of a checkpoint by name, each with at least its shape. */
export type TensorShapes = Readonly<
  Record<
    string,
    {
      /** Its extents in the file. */
      readonly shape: Shape
    }
  >
>

/** Where a weight is in a checkpoint. */
export interface FoundTensor extends StoredTensor {
  /** Its name there. */
  readonly name: string
}

/** A head that is stored although the model takes the weights of its embedding: both must be equal. */
export interface TiedHead {
  /** Name of the head in the checkpoint. */
  readonly name: string
  /** The parameter that it must be equal to. */
  readonly embedding: string
}

/** Where a model's weights are in a checkpoint. */
export interface FoundTensors {
  /** By parameter. */
  readonly parameters: Readonly<Record<string, FoundTensor>>
  /** A tied head that is stored, if one is. */
  readonly tiedHead: TiedHead | undefined
  /** Names of what is computed and not read, such as rotary frequencies. */
  readonly skipped: readonly string[]
}

/** How many faults a message names. */
const SHOWN = 3

const HEAD = 'lm_head.weight'

const text = (shape: Shape): string => `[${shape.join(', ')}]`

/** The name that a checkpoint's tensor has in the model: those of a bare decoder lack the prefix. */
function fullName(name: string, known: object, prefix: string): string {
  return Object.hasOwn(known, name) || !Object.hasOwn(known, prefix + name) ? name : prefix + name
}

/**
 * Find a model's parameters in a checkpoint. Names may lack the architecture's prefix, a tied head may be
 * stored, and what is computed (rotary frequencies, causal masks) is skipped.
 * @param model One made by `llama`, `gpt2` or an architecture.
 * @param tensors Names and shapes of the checkpoint's tensors.
 * @param architecture What the checkpoint is of. Default: the first that can describe the model.
 * @throws RangeError that names the first tensors that are missing, too many or misshapen, what was expected
 * and found, and how many more there are.
 * @example
 * ```ts
 * import { checkTensors, llama } from '@lotion/models'
 *
 * const model = llama({ vocabulary: 256, dimension: 32, layers: 1, heads: 4, context: 16 })
 * const tensors = Object.fromEntries(
 *   Object.entries(model.shapes).map(([name, shape]) => [name, { shape }]),
 * )
 * console.log(checkTensors(model, tensors).skipped)
 * ```
 */
export function checkTensors(
  model: CausalModel,
  tensors: TensorShapes,
  architecture: Architecture = architectureOf(model),
): FoundTensors {
  const expected = storedTensors(model, architecture)
  const { prefix, embedding } = architecture
  const tied = !Object.hasOwn(expected, HEAD) && Object.hasOwn(expected, embedding)
  const parameters: Record<string, FoundTensor> = {}
  const skipped: string[] = []
  const faults: string[] = []
  let tiedHead: TiedHead | undefined
  const place = (name: string, shape: Shape, wanted: StoredTensor): boolean => {
    if (text(shape) === text(wanted.shape)) return true
    faults.push(`'${name}' has the shape ${text(shape)}, expected ${text(wanted.shape)}`)
    return false
  }
  for (const [name, { shape }] of Object.entries(tensors)) {
    const full = fullName(name, expected, prefix)
    const wanted = Object.hasOwn(expected, full) ? expected[full] : undefined
    if (wanted !== undefined) {
      if (Object.hasOwn(parameters, full)) faults.push(`'${full}' is there twice, also as '${name}'`)
      place(name, shape, wanted)
      parameters[full] = { ...wanted, name }
    } else if (tied && name === HEAD) {
      if (place(name, shape, expected[embedding]!)) tiedHead = { name, embedding }
    } else if (architecture.buffer(name)) skipped.push(name)
    else faults.push(`'${name}' ${text(shape)} is no tensor of the model`)
  }
  for (const [name, { shape }] of Object.entries(expected)) {
    if (Object.hasOwn(parameters, name)) continue
    const hint = name === HEAD ? ' (tie_word_embeddings: true would share the embedding)' : ''
    faults.push(`'${name}' ${text(shape)} is missing${hint}`)
  }
  if (faults.length === 0) return { parameters, tiedHead, skipped }
  const more = faults.length > SHOWN ? `; and ${faults.length - SHOWN} more` : ''
  throw new RangeError(
    `checkpoint: expected the ${Object.keys(expected).length} tensors of a model of the architecture ${architecture.name}, ` +
      `found ${Object.keys(tensors).length}: ${faults.slice(0, SHOWN).join('; ')}${more}`,
  )
}
