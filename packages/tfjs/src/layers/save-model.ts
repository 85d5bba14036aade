// Quantized files of a model, to wherever tfjs saves. Comes in: a plan, a place. Goes out: files, or what a
// handler of tfjs is given.
// Source: `exportLayers`, and tfjs's registry of handlers.

import type { NumberFormat } from '@lotion/core'
import { oneOf, refuseUnknownKeys } from '@lotion/core/internal'
import type * as tfjs from '@tensorflow/tfjs-core'
import { exportLayers, type LayersFile } from './export-layers.js'
import type { LayersModel } from './layers-model.js'
import type { PlannedWeight } from './weight-plan.js'
import { nodeFiles, writeFolder } from './write-folder.js'

/** In which layout weights are stored. */
export interface SaveQuantizedOptions {
  /**
   * `tfjs`: tfjs's own uint8, which stock `tf.loadLayersModel` reads, for formats with one scale a tensor;
   * `packed`: any format and blocks, read through `quantizedIOHandler`.
   */
  readonly quantized: 'tfjs' | 'packed'
  /**
   * Replace a folder's model.json that this did not write. Default false: it is refused. What an earlier
   * `save` wrote is replaced in any case.
   */
  readonly overwrite?: boolean
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
 * `file://out`: until its model.json is replaced, in one rename, the folder holds what it held. Node's own
 * files are written here even where tfjs-node has a handler of that URL, which writes over what is read.
 * @throws RangeError for a URL that nothing handles, or a weight that the layout has no place for; Error for
 * a folder with a model of others.
 */
export async function saveModel(
  { tf, model, format, plan }: Saving,
  target: string | tfjs.io.IOHandler,
  options: SaveQuantizedOptions,
): Promise<void> {
  refuseUnknownKeys('save', options, { quantized: true, overwrite: true })
  const { quantized, overwrite = false } = options
  oneOf('save: quantized', quantized, ['tfjs', 'packed'])
  const answers = new Map(plan.map((each) => [each.weight.originalName, each.quantized ?? null]))
  if (answers.size < plan.length)
    throw new TypeError('save: expected weights of different names, found two of one; name the layers')
  const files = await exportLayers(model, {
    format,
    quantize: ({ name }) => answers.get(name) ?? null,
    packed: quantized === 'packed',
  })
  const fs = nodeFiles()
  if (fs && typeof target === 'string' && target.startsWith(FILE)) {
    await writeFolder(fs, target.slice(FILE.length), files, overwrite)
    return
  }
  const [handler] = typeof target === 'string' ? tf.io.getSaveHandlers(target) : [target]
  if (!handler?.save)
    throw new RangeError(
      `save: expected a handler that saves, or a URL that tfjs knows one for, found ${typeof target === 'string' ? `'${target}'` : 'none'}; ` +
        "in Node 'file://folder', in browsers 'downloads://name' or 'indexeddb://name'",
    )
  await handler.save(artifactsOf(files))
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
