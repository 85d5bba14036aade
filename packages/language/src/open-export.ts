// A model of a path, ready for the files of other runtimes. Comes in: a run, a file, a folder; a format where
// the weights are to be cast now. Goes out: what @lotion/export writes from; weights are read one at a time.
// Source: docs/design/19-export.md.

import { basename, resolve } from 'node:path'
import {
  openGguf,
  openSafetensors,
  readQuantized,
  readWeight,
  weightGrids,
  type SafetensorsFile,
} from '@lotion/checkpoints'
import { nearestOf } from '@lotion/checkpoints/internal'
import { sizeOf, type NumberFormat, type Shape } from '@lotion/core'
import { axisName, blockName } from '@lotion/core/internal'
import type { ExportGrid, ExportModel, ExportTensor } from '@lotion/export'
import { dequantize, type Quantized } from '@lotion/formats'
import { formatTitle } from '@lotion/formats/internal'
import { architectureOf, configOf, gpt2, type CausalModel, type Gpt2 } from '@lotion/models'
import { byName, quantizedAxes, type QuantizeRule } from '@lotion/optim'
import { tokenizerFiles } from '@lotion/text'
import { isRun, openSource, type ModelSource, type SourceWish } from './open-source.js'

/** Which model is exported, and whether its weights are cast for it. */
export interface ExportWish extends Omit<SourceWish, 'weights'> {
  /** Cast the weights to this format now. Default: the grids that the file says they lie on. */
  readonly format?: NumberFormat
  /** Which weights, and to which format of their own. Default: those that training would quantize. */
  readonly quantize?: QuantizeRule
  /** Formats that the file may be of besides the built-in ones. Default: none. */
  readonly formats?: readonly NumberFormat[]
}

/** A model whose weights are read when they are asked for. */
export interface OpenExport extends ExportModel {
  /** The file or folder that it is of. */
  readonly path: string
  /** What a checkpoint asks for that is not done. */
  readonly warnings: readonly string[]
  /** Close its files. */
  close(): Promise<void>
}

/**
 * Open a model for export: a run of `lotion train`, a file that it left or that `lotion cast` made, the
 * folder of a Hugging Face checkpoint, a GGUF file.
 * @param path Which.
 * @param wish A cast to be made now; another tokenizer, a shorter context.
 * @throws RangeError or Error naming the path, what was expected, found, and what to do.
 */
export async function openExport(path: string, wish: ExportWish = {}): Promise<OpenExport> {
  const { format, quantize: rule, formats, ...given } = wish
  // A cast of a cast is no format's fault: of a run the weights before it are what is cast now.
  const fromTrained = format !== undefined && (await isRun(path))
  const source = await openSource(path, { ...given, ...(fromTrained ? { weights: 'trained' } : {}) })
  const { model, tokenizer, ends, warnings } = source
  const described = withBiases(model)
  const { transposed } = architectureOf(described)
  const files = await tokenizerFiles(tokenizer)
  const opened = source.file === undefined ? await storedWeights(source) : await ownWeights(source, formats)
  try {
    const cast = format && castNow(model, format, rule)
    const twice = format ? await quantizedTypes(source.path) : []
    const tensors = Object.entries(described.shapes).map(([name, shape]): ExportTensor => {
      if (!Object.hasOwn(model.shapes, name)) return zeros(name, shape)
      const stored = { ...opened.tensor(name, shape), ...(transposed(name) ? { transposed: true } : {}) }
      return cast ? cast(stored) : stored
    })
    return Object.freeze({
      name: nameOf(path),
      path: source.path,
      config: configOf(described),
      tokenizer: files,
      ends,
      warnings: [
        ...warnings,
        ...(twice.length > 0
          ? [
              `${path}: its weights are ${twice.join(', ')} already: the cast to ${format!.name} rounds them again`,
            ]
          : []),
      ],
      tensors: Object.freeze(tensors),
      close: opened.close,
    })
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** Weights by the names of their model. */
interface Weights {
  tensor(name: string, shape: Shape): ExportTensor
  close(): Promise<void>
}

/** Of a file of our own: one weight at a time, with the codes and scales of its cast. */
async function ownWeights(
  { file: path, before }: ModelSource,
  formats: readonly NumberFormat[] | undefined,
): Promise<Weights> {
  const file = await openSafetensors(path!)
  let source: SafetensorsFile | undefined
  try {
    source = before === undefined ? undefined : await openSafetensors(before)
    const grids = weightGrids(file, formats)
    return {
      tensor: (name, shape) => {
        const grid = grids.get(name)
        return {
          name,
          shape,
          ...(grid ? { grid } : {}),
          read: async () => (await readWeight(file, name, { formats })).data,
          quantized: () => readQuantized(file, name, { formats, source }),
        }
      },
      close: async () => {
        await source?.close()
        await file.close()
      },
    }
  } catch (error) {
    await source?.close()
    await file.close()
    throw error
  }
}

/** Of a checkpoint of others: one weight at a time, which may be larger than memory together. */
async function storedWeights({ path, stored }: ModelSource): Promise<Weights> {
  const { read, close } = await stored!()
  return {
    tensor: (name, shape) => ({
      name,
      shape,
      read: async () => {
        const weights = new Float32Array(sizeOf(shape))
        await read({ [name]: weights })
        return weights
      },
      quantized: async () => {
        throw new RangeError(`${path}: '${name}': expected a weight that was cast, found one on no grid`)
      },
    }),
    close,
  }
}

/** Casts of tensors that are chosen, to the nearest points. */
function castNow(
  { shapes }: CausalModel,
  format: NumberFormat,
  rule: QuantizeRule = byName(),
): (tensor: ExportTensor) => ExportTensor {
  const axes = quantizedAxes(rule, shapes)
  return (tensor) => {
    const axis = axes.get(tensor.name)
    if (axis === undefined) return tensor
    const grid = { format: axes.formats?.get(tensor.name) ?? format, axis }
    if (tensor.grid) {
      if (sameGrid(tensor.grid, grid)) return tensor
      throw new RangeError(
        `'${tensor.name}': expected weights before a cast, found such as were cast to ${formatTitle(tensor.grid.format)}, and a cast of a cast is no format's fault; ` +
          'name the run, which keeps the weights before the cast, or leave the format out',
      )
    }
    const quantized = async (): Promise<Quantized> => nearestOf(await tensor.read(), tensor.shape, grid)
    return { ...tensor, grid, quantized, read: async () => dequantize(await quantized()) }
  }
}

const sameGrid = (a: ExportGrid, b: ExportGrid): boolean =>
  a.format.name === b.format.name &&
  a.format.scale.name === b.format.scale.name &&
  blockName(a.format.block) === blockName(b.format.block) &&
  axisName(a.axis) === axisName(b.axis)

/** Types of a GGUF file that are rounded numbers; none of other files, whose grids are recorded. */
async function quantizedTypes(path: string): Promise<readonly string[]> {
  if (!path.endsWith('.gguf')) return []
  const file = await openGguf(path)
  try {
    const types = new Set(Object.values(file.tensors).map(({ type }) => type))
    return [...types].filter((type) => !['F32', 'F16', 'BF16'].includes(type)).sort()
  } finally {
    await file.close()
  }
}

/** A weight that the format of a target has and the model leaves out. */
const zeros = (name: string, shape: Shape): ExportTensor => ({
  name,
  shape,
  read: async () => new Float32Array(sizeOf(shape)),
  quantized: async () => {
    throw new RangeError(`'${name}': expected a weight that was cast, found one on no grid`)
  },
})

/** No configuration of others leaves the biases of GPT-2 out; biases of 0 are the same model. */
function withBiases(model: CausalModel): CausalModel {
  const isGpt2 = (each: CausalModel): each is Gpt2 => each.name === 'gpt2'
  return isGpt2(model) && !model.config.biases ? gpt2({ ...model.config, biases: true }) : model
}

/** The name of a run or a file, without what all of them end in. */
const nameOf = (path: string): string =>
  basename(resolve(path)).replace(/\.(safetensors|gguf)$/, '') || 'model'
