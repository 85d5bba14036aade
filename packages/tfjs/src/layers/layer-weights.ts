// Which weights a model of layers has, and what of each layer is summed over. Comes in: a model. Goes out:
// its weights by path, each with an axis for blocks, or with why it stays in full precision.
// Source: the layouts of tf.layers: kernels end [in, out], transposed ones [out, in].

import type { BlockAxis, Shape } from '@lotion/core'
import type { LayersModel, LayerWeight } from './layers-model.js'

/** A weight, and what its layer says of it. */
export interface FoundWeight {
  /** Names of the layers that it is in, and its own: `encoder/dense/kernel`. */
  readonly path: string
  /** Class of its layer, such as `Dense`. */
  readonly layer: string
  readonly weight: LayerWeight
  readonly shape: Shape
  /** What blocks run along: the axes that the layer sums over. */
  readonly axis?: BlockAxis
  /** What a row along that axis is, if it is less than all that an output sums over. */
  readonly row?: string
  /** Why it stays in full precision. Absent as the axis: the layer is not known. */
  readonly reason?: string
}

/** A layer, as far as it is looked at. */
interface Layer {
  readonly name: string
  readonly weights: readonly LayerWeight[]
  readonly layers?: readonly Layer[]
  readonly layer?: Layer
  readonly forwardLayer?: Layer
  readonly backwardLayer?: Layer
  readonly cell?: Layer
  readonly cells?: readonly Layer[]
  getClassName(): string
}

type AxisOf = (rank: number) => BlockAxis

const inputs: AxisOf = () => 0
/** [..., in, out]: all axes but the last, so one block at most an output. */
const window: AxisOf = (rank) => [0, rank - 2]
/** [..., in, multiplier]: each channel has filters of its own. */
const channel: AxisOf = (rank) => [0, rank - 3]
/** [..., out, in] of transposed convolutions, and rows of a table. */
const last: AxisOf = () => -1

const recurrent = { kernel: inputs, recurrent_kernel: inputs } as const
const convolution = { kernel: window } as const

/** Class → weight → what its blocks run along. */
const kernels: Readonly<Record<string, Readonly<Record<string, AxisOf>>>> = {
  Dense: { kernel: inputs },
  Conv1D: convolution,
  Conv2D: convolution,
  Conv3D: convolution,
  Conv2DTranspose: { kernel: last },
  Conv3DTranspose: { kernel: last },
  DepthwiseConv2D: { depthwise_kernel: channel },
  SeparableConv: { depthwise_kernel: channel, pointwise_kernel: window },
  SeparableConv2D: { depthwise_kernel: channel, pointwise_kernel: window },
  Embedding: { embeddings: last },
  SimpleRNN: recurrent,
  SimpleRNNCell: recurrent,
  GRU: recurrent,
  GRUCell: recurrent,
  LSTM: recurrent,
  LSTMCell: recurrent,
  ConvLSTM2D: { kernel: window, recurrent_kernel: window },
  ConvLSTM2DCell: { kernel: window, recurrent_kernel: window },
  BatchNormalization: {},
  LayerNormalization: {},
  PReLU: {},
}

/** Layers of which an output sums over axes that are not side by side: [..., out, in]. */
const transposed = new Set(['Conv2DTranspose', 'Conv3DTranspose'])

/** Weights of those layers that stay in full precision. */
const reasons: Readonly<Record<string, string>> = {
  bias: 'a bias',
  gamma: 'a norm',
  beta: 'a norm',
  moving_mean: 'a norm',
  moving_variance: 'a norm',
  alpha: 'the slope of an activation',
}

/**
 * Find all weights of a model, each once: nested models, wrappers and cells are looked into, and a shared
 * layer counts where it is met first. A weight of a layer that is not known has neither axis nor reason,
 * unless it is a vector.
 */
export function layerWeights(model: LayersModel): readonly FoundWeight[] {
  const found = new Map<LayerWeight, FoundWeight>()
  for (const layer of model.layers as readonly Layer[]) collect(layer, [], found)
  for (const weight of model.weights)
    if (!found.has(weight))
      found.set(weight, described(weight, weight.originalName, 'a layer that is not listed'))
  return [...found.values()]
}

/**
 * All layers, nested ones too, each with how many weights it has: another list where layers come or go, or
 * one is built.
 */
export function layerMarks(model: LayersModel): readonly unknown[] {
  const marks: unknown[] = []
  const mark = (layer: Layer): void => {
    marks.push(layer, layer.weights.length)
    for (const inner of innerLayers(layer)) mark(inner)
  }
  for (const layer of model.layers as readonly Layer[]) mark(layer)
  return marks
}

/** Of a model, a wrapper; cells are layers too. */
const innerLayers = ({ layers, layer, forwardLayer, backwardLayer, cells }: Layer): readonly Layer[] =>
  [...(layers ?? []), layer, forwardLayer, backwardLayer, ...(cells ?? [])].filter((one) => one !== undefined)

function collect(layer: Layer, outer: readonly string[], found: Map<LayerWeight, FoundWeight>): void {
  const path = [...outer, layer.name]
  const { cell } = layer
  for (const inner of innerLayers(layer)) collect(inner, path, found)
  // A recurrent layer is one with its cell, but for stacked ones, which have names of their own.
  if (cell?.cells) collect({ ...layerLike(cell), name: layer.name }, outer, found)
  const own = layer.getClassName()
  const kind = cell && !Object.hasOwn(kernels, own) ? cell.getClassName() : own
  for (const weight of layer.weights) {
    if (found.has(weight)) continue
    const leaf = weight.originalName.slice(weight.originalName.lastIndexOf('/') + 1)
    found.set(weight, described(weight, [...path, leaf].join('/'), kind, leaf))
  }
}

/** What is read of a layer, as a record; its weights are a getter of its class. */
const layerLike = (layer: Layer): Layer => ({
  name: layer.name,
  weights: layer.weights,
  ...(layer.cells ? { cells: layer.cells } : {}),
  getClassName: () => layer.getClassName(),
})

function described(weight: LayerWeight, path: string, layer: string, leaf = ''): FoundWeight {
  const shape = weight.shape.map((extent) => extent ?? 1)
  const known = Object.hasOwn(kernels, layer) ? kernels[layer]! : undefined
  const axis = known && Object.hasOwn(known, leaf) ? known[leaf]!(shape.length) : undefined
  const reason =
    weight.dtype === 'float32'
      ? ((known && Object.hasOwn(reasons, leaf) ? reasons[leaf] : undefined) ??
        (axis === undefined && shape.length < 2 ? 'a vector' : undefined))
      : `numbers of ${weight.dtype}`
  return {
    path,
    layer,
    weight,
    shape,
    ...(reason === undefined ? (axis === undefined ? {} : { axis }) : { reason }),
    ...(transposed.has(layer) ? { row: 'what one place of the window gives one output channel' } : {}),
  }
}
