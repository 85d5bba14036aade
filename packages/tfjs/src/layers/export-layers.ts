// A model of tf.layers as the files that tf.loadLayersModel reads, its weights cast. Comes in: a model, a
// format, which weights. Goes out: model.json and shards of bytes.
// Source: tfjs's weights manifest: f32 = uint8 · scale + min, which tfjs computes in f64 and rounds once.

import { layoutOf, type BlockAxis, type NumberFormat, type ParameterInfo } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { cpuExecutor } from '@lotion/cpu'
import { quantize as quantizeLanes, type Quantized } from '@lotion/formats'
import { formatTitle, integerPoints, integerWeights } from '@lotion/formats/internal'
import * as tf from '@tensorflow/tfjs-core'
import { bytesOfEntry, METADATA, packedSpecs, type PackedWeights } from './packed-specs.js'
import { describeWeight, packWeight } from './packed-weight.js'
import { WRITER } from './write-folder.js'

/** A file of an export. */
export interface LayersFile {
  /** `model.json`, or what its manifest calls a shard. */
  readonly name: string
  /** All of it. */
  readonly bytes: Uint8Array
}

/** What is asked of a model: that it can be saved, as `tf.LayersModel` and `tf.Sequential` can. */
export interface SavableModel {
  /**
   * Hand its parts to a handler.
   * @param handler Of `tf.io.withSaveHandler`.
   */
  save(handler: tf.io.IOHandler): Promise<unknown>
}

/** How one weight is cast. */
export interface WeightCast {
  /** What its blocks run along. */
  readonly axis: BlockAxis
  /** Its own format. Default: that of all. */
  readonly format?: NumberFormat | undefined
}

/** How weights are exported. */
export interface ExportLayersOptions {
  /** What chosen weights are cast to. */
  readonly format: NumberFormat
  /**
   * Which weights are cast, and what their blocks run along: rules of `@lotion/optim` are such functions.
   * Asked for each weight of f32 numbers by its name in the model, `dense_Dense1/kernel`; `null` leaves it.
   */
  readonly quantize: (parameter: ParameterInfo) => WeightCast | null
  /**
   * Write codes and scales in a layout of our own, which `quantizedIOHandler` loads: any format and blocks,
   * 4 bits a weight where that is enough. Default false: a byte a weight, which tfjs loads by itself.
   */
  readonly packed?: boolean
}

/** Bytes of a shard, as tfjs's own converter cuts them. */
const SHARD_BYTES = 4 * 2 ** 20

/**
 * Write a model of tf.layers as the files of a folder, chosen weights cast to the nearest points. A format
 * with one scale a tensor, whose points are integers of at most 8 bits times a number, is stored as tfjs's
 * own uint8: `tf.loadLayersModel` gives back each weight of the cast, none changed. Other formats and blocks
 * are written with `packed` and loaded through `quantizedIOHandler`.
 * @param model Its weights stay as they are.
 * @param options Format, which weights, layout.
 * @throws RangeError naming a weight whose format or blocks tfjs cannot say, or if none is chosen.
 * @example
 * ```ts
 * import { perTensor } from '@lotion/core'
 * import { int8, withBlock } from '@lotion/formats'
 * import { exportLayers } from '@lotion/tfjs/layers'
 * import * as tf from '@tensorflow/tfjs'
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [8] })] })
 * const files = await exportLayers(model, {
 *   format: withBlock(int8, perTensor),
 *   quantize: ({ shape }) => (shape.length === 2 ? { axis: 0 } : null),
 * })
 * console.log(files.map(({ name, bytes }) => `${name}: ${bytes.length} bytes`))
 * ```
 */
export async function exportLayers(
  model: SavableModel,
  options: ExportLayersOptions,
): Promise<readonly LayersFile[]> {
  refuseUnknownKeys('exportLayers', options, { format: true, quantize: true, packed: true })
  const { packed = false } = options
  const artifacts = await artifactsOf(model)
  const { weightSpecs = [], weightData, userDefinedMetadata, modelTopology, ...rest } = artifacts
  const data = new tf.io.CompositeArrayBuffer(weightData)
  const specs: tf.io.WeightsManifestEntry[] = []
  const parts: Uint8Array[] = []
  const described: PackedWeights['weights'][number][] = []
  let at = 0
  let casts = 0
  for (const spec of weightSpecs) {
    const { name, shape, dtype } = spec
    const length = bytesOfEntry(spec)
    const bytes = data.slice(at, at + length)
    at += length
    const answer = dtype === 'float32' ? options.quantize({ name, shape }) : null
    if (answer === null) {
      specs.push(spec)
      parts.push(new Uint8Array(bytes))
      continue
    }
    casts++
    const { axis, format = options.format } = answer
    const quantized = nearest(new Float32Array(bytes), shape, format, axis)
    if (packed) {
      const weight = describeWeight(name, shape, format, axis)
      const { codes, scales } = packWeight(weight, quantized)
      described.push(weight)
      specs.push(...packedSpecs(spec, codes.length, scales.length))
      parts.push(codes, bytesOf(scales))
    } else {
      const { quantization, values } = asUint8(name, format, quantized)
      specs.push({ ...spec, quantization })
      parts.push(values)
    }
  }
  if (casts === 0)
    throw new RangeError(
      `exportLayers: quantize: expected a rule that chooses weights among ${weightSpecs.map(({ name }) => name).join(', ')}, found one that chooses none`,
    )
  const metadata: PackedWeights = { version: 1, weights: described }
  const all = packed ? { ...userDefinedMetadata, [METADATA]: metadata } : userDefinedMetadata
  return filesOf({ modelTopology, ...rest, ...(all ? { userDefinedMetadata: all } : {}) }, specs, parts)
}

/** What a model hands over when it is saved. */
async function artifactsOf(model: SavableModel): Promise<tf.io.ModelArtifacts> {
  let found: tf.io.ModelArtifacts = {}
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      found = artifacts
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
  return found
}

function nearest(
  w: Float32Array,
  shape: readonly number[],
  format: NumberFormat,
  axis: BlockAxis,
): Quantized {
  const layout = layoutOf(shape, format.block, axis)
  const executor = cpuExecutor()
  try {
    const [out] = executor.lanes([{ fn: quantizeLanes(format), inputs: { w }, layout }])
    const { value, scale, tensorScale } = out!
    return { layout, values: value!, scales: scale!, tensorScale: tensorScale![0]! }
  } finally {
    executor.close()
  }
}

/** Codes above their least, whose product with the scale is exact in f64, as is its sum with the least. */
function asUint8(name: string, format: NumberFormat, quantized: Quantized) {
  const what = `exportLayers: '${name}'`
  const points = integerPoints(format)
  const advice = 'use packed: true, and quantizedIOHandler to load it'
  if (quantized.layout.blocks > 1)
    throw new RangeError(
      `${what}: expected one scale a tensor, which is all that tfjs's uint8 has, found ${quantized.layout.blocks} blocks of ${formatTitle(format)}; use withBlock(format, perTensor), or ${advice}`,
    )
  if (points === undefined)
    throw new RangeError(
      `${what}: expected a format whose points are integers of at most 8 bits times one number, found ${format.name}; ${advice}`,
    )
  const { integers, scales } = integerWeights(what, quantized, points)
  const least = -(2 ** (points.bits - 1))
  const scale = scales[0]!
  return {
    quantization: { dtype: 'uint8', scale, min: least * scale } as const,
    values: Uint8Array.from(integers, (integer) => integer - least),
  }
}

function filesOf(
  json: Readonly<Record<string, unknown>>,
  weights: readonly tf.io.WeightsManifestEntry[],
  parts: readonly Uint8Array[],
): readonly LayersFile[] {
  const all = joined(parts)
  const count = Math.max(1, Math.ceil(all.length / SHARD_BYTES))
  const shards = Array.from({ length: count }, (_, i) => ({
    name: `group1-shard${i + 1}of${count}.bin`,
    bytes: all.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES),
  }))
  const weightsManifest = [{ paths: shards.map(({ name }) => name), weights }]
  const text = `${JSON.stringify({ ...json, convertedBy: WRITER, weightsManifest })}\n`
  return [{ name: 'model.json', bytes: new TextEncoder().encode(text) }, ...shards]
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
