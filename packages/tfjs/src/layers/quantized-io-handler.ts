// Loading what `exportLayers` packed. Comes in: a handler that loads model.json and its shards. Goes out: one
// whose weights are f32 numbers, which tf.loadLayersModel takes.

import * as tf from '@tensorflow/tfjs-core'
import { bytesOfEntry, METADATA, type PackedWeights } from './packed-specs.js'
import { unpackWeight, type PackedWeight } from './packed-weight.js'

/**
 * Load a model that `exportLayers` wrote, packed or not: codes are multiplied by their scales once, when the
 * model is loaded; its weights are bit for bit those of the cast.
 * @param source Loads the files: `tf.io.http(url)`, `tf.io.browserFiles(files)`, …
 * @throws Error when it loads, if the files are packed in a way that this version does not know, or are not
 * whole.
 * @example
 * ```ts
 * import { int4 } from '@lotion/formats'
 * import { exportLayers, quantizedIOHandler } from '@lotion/tfjs/layers'
 * import * as tf from '@tensorflow/tfjs'
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [64] })] })
 * const quantize = ({ shape }: { shape: readonly number[] }) => (shape.length === 2 ? { axis: 0 } : null)
 * const [json, shard] = await exportLayers(model, { format: int4, quantize, packed: true })
 * const files = [json!, shard!].map(({ name, bytes }) => new File([Uint8Array.from(bytes)], name))
 * console.log(files.map(({ size }) => size))
 * // In a page: await tf.loadLayersModel(quantizedIOHandler(tf.io.browserFiles(files)))
 * console.log(typeof quantizedIOHandler(tf.io.fromMemory({})).load)
 * ```
 */
export function quantizedIOHandler(source: tf.io.IOHandler): tf.io.IOHandler {
  return {
    async load() {
      if (source.load === undefined)
        throw new TypeError('quantizedIOHandler: expected a handler that loads, found one that saves alone')
      return unpacked(await source.load())
    },
  }
}

function unpacked(artifacts: tf.io.ModelArtifacts): tf.io.ModelArtifacts {
  const { userDefinedMetadata, weightSpecs = [], weightData } = artifacts
  const metadata = userDefinedMetadata?.[METADATA] as PackedWeights | undefined
  if (metadata === undefined) return artifacts
  if (metadata.version !== 1)
    throw new Error(
      `model.json: ${METADATA}: expected version 1, found ${String(metadata.version)}; install a newer @lotion/tfjs`,
    )
  const data = new tf.io.CompositeArrayBuffer(weightData)
  const packed = new Map(metadata.weights.map((weight) => [`${weight.name}.codes`, weight]))
  const specs: tf.io.WeightsManifestEntry[] = []
  const parts: ArrayBuffer[] = []
  let at = 0
  const take = (entry: tf.io.WeightsManifestEntry): ArrayBuffer => {
    const length = bytesOfEntry(entry)
    if (at + length > data.byteLength)
      throw new Error(`'${entry.name}': expected ${length} bytes of weights, found ${data.byteLength - at}`)
    at += length
    return data.slice(at - length, at)
  }
  for (let i = 0; i < weightSpecs.length; i++) {
    const entry = weightSpecs[i]!
    const weight = packed.get(entry.name)
    const bytes = take(entry)
    if (weight === undefined) {
      specs.push(entry)
      parts.push(bytes)
      continue
    }
    const scales = weightSpecs[++i]
    if (scales?.name !== `${weight.name}.scales`)
      throw new Error(`'${weight.name}': expected scales behind its codes, found ${String(scales?.name)}`)
    specs.push(entryOf(weight, entry))
    const codes = new Uint8Array(bytes)
    parts.push(unpackWeight(weight, { codes, scales: new Float32Array(take(scales)) }).buffer)
  }
  return { ...artifacts, weightSpecs: specs, weightData: parts }
}

function entryOf(
  { name, shape }: PackedWeight,
  { group }: tf.io.WeightsManifestEntry,
): tf.io.WeightsManifestEntry {
  return { name, shape: [...shape], dtype: 'float32', ...(group === undefined ? {} : { group }) }
}
