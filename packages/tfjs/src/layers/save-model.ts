// Quantized files of a model, to wherever tfjs saves. Comes in: a plan, a place. Goes out: files, or what a
// handler of tfjs is given.
// Source: `exportLayers`, and tfjs's registry of handlers.

import type { NumberFormat } from '@lotion/core'
import { oneOf } from '@lotion/core/internal'
import type * as tfjs from '@tensorflow/tfjs-core'
import { exportLayers, type LayersFile } from './export-layers.js'
import type { LayersModel } from './layers-model.js'
import type { PlannedWeight } from './weight-plan.js'

/** In which layout weights are stored. */
export interface SaveQuantizedOptions {
  /**
   * `tfjs`: tfjs's own uint8, which stock `tf.loadLayersModel` reads, for formats with one scale a tensor;
   * `packed`: any format and blocks, read through `quantizedIOHandler`.
   */
  readonly quantized: 'tfjs' | 'packed'
}

/** What is saved, and by what. */
interface Saving {
  readonly tf: typeof tfjs
  readonly model: LayersModel
  /** The method's. */
  readonly format: NumberFormat
  readonly plan: readonly PlannedWeight[]
}

/**
 * Save a model, its quantized weights cast: to a handler, a URL of one that tfjs knows, or in Node a folder,
 * `file://out`, written whole or not at all.
 * @throws RangeError for a URL that nothing handles, or a weight that the layout has no place for.
 */
export async function saveModel(
  { tf, model, format, plan }: Saving,
  target: string | tfjs.io.IOHandler,
  { quantized }: SaveQuantizedOptions,
): Promise<void> {
  oneOf('save: quantized', quantized, ['tfjs', 'packed'])
  const answers = new Map(plan.map((each) => [each.weight.originalName, each.quantized ?? null]))
  if (answers.size < plan.length)
    throw new TypeError('save: expected weights of different names, found two of one; name the layers')
  const files = await exportLayers(model, {
    format,
    quantize: ({ name }) => answers.get(name) ?? null,
    packed: quantized === 'packed',
  })
  const handlers = typeof target === 'string' ? tf.io.getSaveHandlers(target) : [target]
  const [handler] = handlers
  if (handler?.save) {
    await handler.save(artifactsOf(files))
    return
  }
  if (typeof target !== 'string' || !target.startsWith(FILE))
    throw new RangeError(
      `save: expected a handler that saves, or a URL that tfjs knows one for, found ${typeof target === 'string' ? `'${target}'` : 'none'}; ` +
        "in Node 'file://folder', in browsers 'downloads://name' or 'indexeddb://name'",
    )
  await writeFolder(target.slice(FILE.length), files)
}

const FILE = 'file://'

/** What handlers of tfjs take: the same topology and entries, all bytes as one. */
function artifactsOf([json, ...shards]: readonly LayersFile[]): tfjs.io.ModelArtifacts {
  const { weightsManifest, ...rest } = JSON.parse(new TextDecoder().decode(json!.bytes)) as {
    readonly weightsManifest: readonly { readonly weights: tfjs.io.WeightsManifestEntry[] }[]
  } & tfjs.io.ModelArtifacts
  return {
    ...rest,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: shards.map(({ bytes }) => Uint8Array.from(bytes).buffer),
  }
}

async function writeFolder(folder: string, files: readonly LayersFile[]): Promise<void> {
  const { process } = globalThis as { readonly process?: NodeJS.Process }
  const fs = process?.getBuiltinModule?.('node:fs/promises')
  if (!fs)
    throw new RangeError(
      `save: expected a place that this program can write to, found 'file://${folder}' outside Node; use 'downloads://name' or 'indexeddb://name'`,
    )
  await fs.mkdir(folder, { recursive: true })
  // model.json last: who finds it finds the rest.
  for (const { name, bytes } of files.toReversed()) {
    const path = `${folder}/${name}`
    await fs.writeFile(`${path}.part`, bytes)
    await fs.rename(`${path}.part`, path)
  }
}
