// What kind of layer a parameter belongs to, found from words of its name and from its shape. Comes in: name
// and shape. Goes out: what its blocks run along, and why it would stay in full precision. Source: the names
// and layouts of PyTorch, Hugging Face, GGUF, Keras, tfjs and flax; docs/design/03-formats-and-methods.md.

import type { BlockAxis, ParameterInfo, Shape } from '@lotion/core'

/** What a name and a shape tell of a parameter. */
export interface Layer {
  /** What its blocks run along by default: the axes that are summed over where the layer is applied. */
  readonly axis: BlockAxis
  /** Why it is left in full precision by default, such as `an embedding`; absent for weights. */
  readonly fullPrecision?: string
}

/**
 * A name in pieces: `h.0.attn/c_attn.weight` has the segments h, attn, c_attn, weight; the last but one owns
 * the last.
 */
interface Name {
  /** Words of the segments; numbers are no words and segments of numbers alone are left out. */
  readonly segments: readonly (readonly string[])[]
  /** Words of the last segment: `weight`, `kernel`, `weight_ih`. */
  readonly leaf: readonly string[]
  /** Words of the layer that the parameter is of; the last segment's own where it has no other. */
  readonly owner: readonly string[]
  /** How many segments stand before the owner. */
  readonly depth: number
}

/** Names of a layer's main parameter, which say nothing of the layer itself. */
const leaves = new Set(['weight', 'weights', 'kernel', 'w', 'bias', 'biases', 'embeddings'])

/** Split a name at dots, slashes, dashes, underscores, digits, and where a capital follows a small letter. */
export function wordsOf(name: string): readonly (readonly string[])[] {
  return name
    .split(/[./]/)
    .map((segment) =>
      segment
        .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
        .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
        .toLowerCase()
        .split(/[^\p{L}]+/u)
        .filter((word) => word !== ''),
    )
    .filter((words) => words.length > 0)
}

function nameOf(name: string): Name {
  const segments = wordsOf(name)
  const leaf = segments.at(-1) ?? []
  const isLeaf = segments.length > 1 && leaves.has(leaf[0]!)
  const depth = isLeaf ? segments.length - 2 : Math.max(0, segments.length - 1)
  return { segments, leaf, owner: withoutLeaf(segments[depth] ?? []), depth }
}

/** `lm_head_weight` is of `lm head`. */
function withoutLeaf(words: readonly string[]): readonly string[] {
  return words.length > 1 && has(['weight', 'kernel'], words.at(-1)!) ? words.slice(0, -1) : words
}

const has = (words: readonly string[], ...some: readonly string[]): boolean =>
  some.some((word) => words.includes(word))
const isOneOf = (words: readonly string[], ...names: readonly string[]): boolean =>
  names.includes(words.join(' '))

const embeddingWords = ['embed', 'embeds', 'embedding', 'embeddings', 'embd', 'emb', 'wte', 'wpe'] as const
const headWords = [
  'head',
  'lm head',
  'output',
  'output layer',
  'logits',
  'unembed',
  'prediction head',
] as const
const normWords = [
  'norm',
  'layernorm',
  'rmsnorm',
  'batchnorm',
  'groupnorm',
  'instancenorm',
  'ln',
  'bn',
  'gn',
] as const

/** Why a parameter stays in full precision, first reason first; each sees the name and the shape. */
const reasons: readonly (readonly [reason: string, applies: (name: Name, shape: Shape) => boolean])[] = [
  ['a vector', (_, shape) => shape.length < 2],
  ['a bias', ({ leaf, owner }) => has(leaf, 'bias', 'biases') || has(owner, 'bias', 'biases')],
  ['an embedding', ({ segments }) => segments.some((words) => has(words, ...embeddingWords))],
  // T5 and its kin share one table between encoder, decoder and head.
  ['an embedding', ({ owner }) => isOneOf(owner, 'shared')],
  ['a learned token', ({ leaf, owner }) => has([leaf.at(-1), owner.at(-1)] as string[], 'token', 'tokens')],
  // A norm's name ends with the word, or is `ln_f`; `norm_proj` is a projection.
  ['a norm', ({ owner }) => has([owner.at(-1)!], ...normWords) || has([owner[0]!], 'ln', 'bn', 'gn')],
  // The output projection of a model; `attention_head`, `heads.0.q` and `layer.3.attention.output` are no
  // such thing.
  [
    'the head',
    ({ owner, depth }) => isOneOf(owner, ...headWords.filter((word) => word !== 'output' || depth === 0)),
  ],
  // One row an expert: fewer than the model is wide. A gate that opens a feed-forward layer is wider than the
  // model.
  ['a router', (name, shape) => isRouter(name, shape)],
  ['a logarithm of rates', ({ leaf }) => leaf.at(-1) === 'log'],
  ['a vector', ({ leaf }, shape) => shape.length > 2 && !leaves.has(leaf[0]!) && longAxes(shape) < 2],
]

/** Tell what a parameter is. */
export function layerOf({ name, shape }: ParameterInfo): Layer {
  const named = nameOf(name)
  const reason = reasons.find(([, applies]) => applies(named, shape))?.[0]
  const axis = reason === 'an embedding' ? -1 : reductionOf(named, shape)
  return reason === undefined ? { axis } : { axis, fullPrecision: reason }
}

function isRouter({ owner, leaf }: Name, shape: Shape): boolean {
  if (owner.at(-1) === 'router' || isOneOf(owner, 'ffn gate inp')) return true
  const [experts, width] = isKernel(leaf) ? [shape.at(-1)!, shape.at(-2)!] : [shape.at(-2)!, shape.at(-1)!]
  return isOneOf(owner, 'gate') && experts < width
}

/**
 * A last segment that ends with `kernel` stores inputs before outputs, as Keras, tfjs and flax do; all others
 * as PyTorch.
 */
const isKernel = (leaf: readonly string[]): boolean => leaf.at(-1) === 'kernel'

/** The axes that a layer sums over, as far as a name and a shape tell. */
function reductionOf({ segments, leaf, owner }: Name, { length: rank }: Shape): BlockAxis {
  const words = [...owner, ...leaf]
  const transposed = has(words, 'transpose', 'transposed', 'deconv', 'convtranspose')
  if (segments.some((one) => has(one, 'expert', 'experts', 'exps'))) return isKernel(leaf) ? -2 : -1
  if (rank < 2) return -1
  if (!isKernel(leaf)) return rank === 2 ? -1 : transposed ? 0 : [1, rank - 1]
  // [..., out, in]: the spatial axes do not lie beside the inputs.
  if (rank > 2 && transposed) return -1
  // [h, w, in, multiplier]: every input channel has filters of its own.
  if (rank > 2 && has(words, 'depthwise')) return [0, rank - 3]
  // [width, heads, size of a head]
  if (rank === 3 && has(owner, 'query', 'key', 'value', 'q', 'k', 'v')) return 0
  return rank === 2 ? 0 : [0, rank - 2]
}

function longAxes(shape: Shape): number {
  return shape.filter((extent) => extent > 1).length
}
