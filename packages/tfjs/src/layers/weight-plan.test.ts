// What a model's layers say of their weights: axes by type, reasons, choices by name, refusals.

import { blockOf, layoutOf, perTensor, type BlockAxis } from '@lotion/core'
import { int4, int8, withBlock } from '@lotion/formats'
import { ptq } from '@lotion/optim'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { perChannel, quantized, type LayerChoice, type ReportRow } from './index.js'

tf.env().set('PROD', true)
beforeAll(() => tf.setBackend('cpu'))

const { layers } = tf

/** Multiplies by a matrix of its own. */
class Mixing extends layers.Layer {
  static readonly className = 'Mixing'
  override build(): void {
    this.addWeight('mix', [3, 3], 'float32', tf.initializers.identity({}))
    this.addWeight('shift', [3], 'float32', tf.initializers.zeros())
    this.built = true
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = Array.isArray(inputs) ? inputs : [inputs]
    return tf.matMul(x as tf.Tensor2D, this.weights[0]!.read())
  }
  override computeOutputShape(shape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return shape
  }
}

const rowsOf = async (
  model: tf.LayersModel,
  choices: Readonly<Record<string, LayerChoice>> = {},
): Promise<readonly ReportRow[]> => quantized(model, ptq({ format: int4 }), { layers: choices }).report()

/** Weights that are quantized with their axes. */
async function axesOf(...found: tf.layers.Layer[]): Promise<Readonly<Record<string, BlockAxis>>> {
  const rows = await rowsOf(tf.sequential({ layers: found }))
  return Object.fromEntries(
    rows.flatMap(({ parameter, axis }) => (axis === undefined ? [] : [[parameter, axis]])),
  )
}

type Case = readonly [what: string, layer: tf.layers.Layer, expected: Readonly<Record<string, BlockAxis>>]

describe('the type of a layer gives the axis', () => {
  const image = [6, 6, 2]
  const text = [5, 3]
  const cases = (): readonly Case[] => [
    ['dense', layers.dense({ name: 'a', units: 4, inputShape: [3] }), { 'a/kernel': 0 }],
    [
      'conv1d',
      layers.conv1d({ name: 'a', filters: 4, kernelSize: 2, inputShape: text }),
      { 'a/kernel': [0, 1] },
    ],
    [
      'conv2d',
      layers.conv2d({ name: 'a', filters: 4, kernelSize: 2, inputShape: image }),
      { 'a/kernel': [0, 2] },
    ],
    [
      'conv3d',
      layers.conv3d({ name: 'a', filters: 4, kernelSize: 2, inputShape: [3, 3, 3, 2] }),
      { 'a/kernel': [0, 3] },
    ],
    [
      'depthwise',
      layers.depthwiseConv2d({ name: 'a', kernelSize: 2, inputShape: image }),
      { 'a/depthwise_kernel': [0, 1] },
    ],
    [
      'separable',
      layers.separableConv2d({ name: 'a', filters: 3, kernelSize: 2, inputShape: image }),
      { 'a/depthwise_kernel': [0, 1], 'a/pointwise_kernel': [0, 2] },
    ],
    [
      'transposed',
      layers.conv2dTranspose({ name: 'a', filters: 3, kernelSize: 2, inputShape: image }),
      { 'a/kernel': -1 },
    ],
    [
      'embedding',
      layers.embedding({ name: 'a', inputDim: 9, outputDim: 4, inputLength: 5 }),
      { 'a/embeddings': -1 },
    ],
    ...(['simpleRNN', 'gru', 'lstm'] as const).map((type): Case => [
      type,
      layers[type]({ name: 'a', units: 4, inputShape: text }),
      { 'a/kernel': 0, 'a/recurrent_kernel': 0 },
    ]),
    [
      'convLstm2d',
      layers.convLstm2d({ name: 'a', filters: 2, kernelSize: 2, inputShape: [3, ...image] }),
      { 'a/kernel': [0, 2], 'a/recurrent_kernel': [0, 2] },
    ],
    [
      'cells',
      layers.rnn({
        name: 'a',
        cell: [layers.gruCell({ name: 'b', units: 3 }), layers.lstmCell({ name: 'c', units: 3 })] as never,
        inputShape: text,
      }),
      { 'a/b/kernel': 0, 'a/b/recurrent_kernel': 0, 'a/c/kernel': 0, 'a/c/recurrent_kernel': 0 },
    ],
    [
      'bidirectional',
      layers.bidirectional({
        name: 'a',
        layer: layers.lstm({ name: 'b', units: 2 }),
        mergeMode: 'concat',
        inputShape: text,
      }),
      {
        'a/forward_b/kernel': 0,
        'a/forward_b/recurrent_kernel': 0,
        'a/backward_b/kernel': 0,
        'a/backward_b/recurrent_kernel': 0,
      },
    ],
    [
      'time-distributed',
      layers.timeDistributed({ name: 'a', layer: layers.dense({ name: 'b', units: 4 }), inputShape: text }),
      { 'a/b/kernel': 0 },
    ],
  ]
  it.each(cases())('%s', async (_, layer, expected) => {
    expect(await axesOf(layer)).toEqual(expected)
  })

  it('of a nested model, and of a layer that is shared, once', async () => {
    const shared = layers.dense({ name: 'shared', units: 3, inputShape: [3] })
    const inner = tf.sequential({ name: 'inner', layers: [shared] })
    const x = tf.input({ shape: [3] })
    const twice = shared.apply(inner.apply(x)) as tf.SymbolicTensor
    const rows = await rowsOf(tf.model({ inputs: x, outputs: twice }))
    expect(rows.map(({ parameter }) => parameter)).toEqual(['inner/shared/kernel', 'inner/shared/bias'])
  })

  it('two weights of one path are refused', async () => {
    const cell = () => layers.gruCell({ name: 'b', units: 3 })
    const rnn = layers.rnn({ name: 'a', cell: [cell(), cell()] as never, inputShape: text })
    await expect(rowsOf(tf.sequential({ layers: [rnn] }))).rejects.toThrow(
      /two of 'a\/b\/kernel'; give the layers names/,
    )
  })

  it('one scale an output channel counts the blocks that there are', async () => {
    const conv = layers.conv2d({ name: 'c', filters: 4, kernelSize: 3, inputShape: [8, 8, 2] })
    const [kernel] = await rowsOf(tf.sequential({ layers: [conv] }), { c: perChannel(int4) })
    const { blocks } = layoutOf([3, 3, 2, 4], perChannel(int4).block, kernel!.axis)
    expect([blocks, kernel!.bits, kernel!.block]).toEqual([4, 4 + 32 / 18, 'row'])
  })

  it('rows of a transposed convolution, which are no channels, are refused but where they are declared', async () => {
    const conv = layers.conv2dTranspose({ name: 'c', filters: 4, kernelSize: 3, inputShape: [8, 8, 2] })
    const model = tf.sequential({ layers: [conv] })
    await expect(rowsOf(model, { c: perChannel(int4) })).rejects.toThrow(
      /'c\/kernel' \[3, 3, 4, 2\]: .* a Conv2DTranspose is what one place/,
    )
    expect(() => quantized(model, ptq({ format: perChannel(int4) }))).toThrow(/not a channel/)
    const [kernel] = await rowsOf(model, { c: { axis: -1, format: perChannel(int4) } })
    expect(kernel!.bits).toBe(4 + 32 / 2)
    await rowsOf(model, { c: withBlock(int4, blockOf(32)) })
  })
})

describe('choices', () => {
  const model = (): tf.Sequential =>
    tf.sequential({
      layers: [
        layers.embedding({ name: 'embedding', inputDim: 9, outputDim: 4, inputLength: 5 }),
        layers.conv1d({ name: 'conv', filters: 4, kernelSize: 2 }),
        layers.batchNormalization({ name: 'norm' }),
        layers.prelu({ name: 'slope' }),
        layers.dense({ name: 'logits', units: 3 }),
      ],
    })

  it('formats and full precision by name, and why the others are left out', async () => {
    const rows = await rowsOf(model(), { 'conv*': withBlock(int4, perTensor), logits: int8, embedding: null })
    expect(rows.map(({ parameter, format, reason }) => [parameter, format ?? reason])).toEqual([
      ['embedding/embeddings', "layers: 'embedding'"],
      ['conv/kernel', 'int4'],
      ['conv/bias', 'a bias'],
      ['norm/gamma', 'a norm'],
      ['norm/beta', 'a norm'],
      ['norm/moving_mean', 'a norm'],
      ['norm/moving_variance', 'a norm'],
      ['slope/alpha', 'the slope of an activation'],
      ['logits/kernel', 'int8'],
      ['logits/bias', 'a bias'],
    ])
    expect(rows[1]).toMatchObject({ block: 'tensor', axis: [0, 1], layer: 'Conv1D' })
  })

  it.each<[string, Readonly<Record<string, LayerChoice>>, RegExp]>([
    [
      'a name of none',
      { conv2: int8 },
      /'conv2' matches no weight .* there are: embedding\/embeddings, conv\/kernel/,
    ],
    [
      'a name that an earlier one took',
      { 'conv*': int8, conv: null },
      /'conv' matches no weight that an earlier/,
    ],
    ['what is no choice', { conv: 4 as never }, /layers: 'conv': expected a format, null .* found 4/],
    ['an unknown key', { conv: { axis: 0, fromat: int4 } as never }, /fromat/],
    ['nothing left', { 'e*': null, 'c*': null, 'l*': null }, /expected a weight to quantize, found none/],
  ])('%s is refused', async (_, choices, message) => {
    await expect(rowsOf(model(), choices)).rejects.toThrow(message)
  })
})

describe('a layer that is not of tf.layers', () => {
  const model = (): tf.Sequential =>
    tf.sequential({
      layers: [layers.dense({ name: 'd', units: 3, inputShape: [2] }), new Mixing({ name: 'm' })],
    })

  it('is refused by name, with what to declare', async () => {
    const message =
      /'m\/mix' \[3, 3\]: expected a layer of tf\.layers, found Mixing.*layers: { 'm\/mix': { axis: 0 } }/
    await expect(rowsOf(model())).rejects.toThrow(message)
    await expect(rowsOf(model(), { m: int8 })).rejects.toThrow(message)
  })

  it('is quantized as declared, or left out', async () => {
    const declared = await rowsOf(model(), { m: { axis: 1, format: int8 } })
    expect(declared.slice(2)).toMatchObject([{ axis: 1, format: 'int8' }, { reason: 'a vector' }])
    const left = await rowsOf(model(), { 'm/mix': null })
    expect(left[2]).toMatchObject({ format: null, reason: "layers: 'm/mix'" })
  })
})
