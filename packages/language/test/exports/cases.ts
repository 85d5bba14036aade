// Small models with hard weights, exported. Comes in: the name of a case. Goes out: an ExportModel, and its
// files in a folder.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { blockOf, perRow, perTensor, type NumberFormat } from '@lotion/core'
import {
  compressedTensorsTarget,
  hfTarget,
  mlxTarget,
  type ExportFile,
  type ExportOptions,
  type ExportTarget,
} from '@lotion/export'
import { int3, int4, int8, mxfp4, mxfp8E4m3, nf4, nvfp4, q4_0, q8_0, withBlock } from '@lotion/formats'
import { gpt2, llama, type CausalModel } from '@lotion/models'
import { byName, type QuantizeRule } from '@lotion/optim'
import { manyTexts } from '@lotion/test-kit'
import {
  bpeEncodings,
  bpeTokenizer,
  byteTokenizer,
  tokenizerFiles,
  tokenizerFromJson,
  type Tokenizer,
  type TokenizerFiles,
} from '@lotion/text'
import { openExport, type OpenExport } from '../../src/index.js'
import { config, run, stored, tokenizerJson } from '../small-models.js'

/** One export. */
export interface ExportCase {
  readonly model: CausalModel
  readonly format: NumberFormat
  readonly target: ExportTarget
  readonly quantize?: QuantizeRule
  readonly options?: ExportOptions
}

const extents = { vocabulary: 300, dimension: 128, layers: 2, heads: 4, context: 32, hidden: 256 }
const grouped = llama({ ...extents, kvHeads: 2 })
const ownWidth = llama({ ...extents, kvHeads: 1, headDimension: 64, qkNorm: true, tied: true })
const biased = llama({ ...extents, kvHeads: 2, biases: ['qkv'], tied: true })
const conv = gpt2({ ...extents, vocabulary: 256, tied: false })

/** Feed-forward layers have a grid of their own. */
const mixed =
  (format: NumberFormat): QuantizeRule =>
  (parameter) => {
    const answer = byName()(parameter)
    return answer === null || !parameter.name.includes('.mlp.') ? answer : { ...answer, format }
  }

/** By name. */
export const cases = {
  'hf-q4_0-untied': { model: grouped, format: q4_0, target: hfTarget },
  'hf-nvfp4-tied-own-width': { model: ownWidth, format: nvfp4, target: hfTarget },
  'hf-nf4-biased': { model: biased, format: nf4, target: hfTarget },
  'hf-mxfp8-gpt2': { model: conv, format: mxfp8E4m3, target: hfTarget },
  'ct-int4': { model: grouped, format: int4, target: compressedTensorsTarget },
  'ct-int4-tensor': { model: biased, format: withBlock(int4, perTensor), target: compressedTensorsTarget },
  'ct-int8-rows': { model: biased, format: withBlock(int8, perRow), target: compressedTensorsTarget },
  'ct-int3': { model: grouped, format: withBlock(int3, blockOf(64)), target: compressedTensorsTarget },
  'ct-q4_0': { model: ownWidth, format: q4_0, target: compressedTensorsTarget },
  'ct-mxfp4': { model: grouped, format: mxfp4, target: compressedTensorsTarget },
  'ct-nvfp4': { model: ownWidth, format: nvfp4, target: compressedTensorsTarget },
  'ct-mixed': { model: grouped, format: int4, quantize: mixed(mxfp4), target: compressedTensorsTarget },
  'mlx-q4_0': { model: grouped, format: q4_0, target: mlxTarget },
  'mlx-q8_0': { model: biased, format: q8_0, target: mlxTarget },
  'mlx-mxfp4': { model: ownWidth, format: mxfp4, target: mlxTarget },
  'mlx-mixed-embedding': {
    model: grouped,
    format: q4_0,
    quantize: (parameter) =>
      parameter.name === 'model.embed_tokens.weight' ? { axis: 1, format: q8_0 } : mixed(mxfp4)(parameter),
    target: mlxTarget,
  },
} satisfies Readonly<Record<string, ExportCase>>

/** Name a case. */
export type CaseName = keyof typeof cases

export const caseNames = Object.keys(cases) as readonly CaseName[]

/**
 * Weights with all that is hard in them: blocks of zeros, blocks whose scale is subnormal in f16 or the
 * smallest power of two, one large weight among small ones.
 */
function hardWeights(model: CausalModel): ReturnType<typeof stored> {
  const weights = stored(model, 3)
  for (const { data, shape } of Object.values(weights)) {
    if (shape.length !== 2) {
      // Gains other than 1, biases other than 0.
      data.forEach((value, i) => (data[i] = value + 0.01 * ((i % 7) - 3)))
      continue
    }
    const [, columns = 1] = shape
    data.fill(0, 0, 32)
    for (let i = 32; i < 64; i++) data[i]! *= 2e-6
    for (let i = columns; i < columns + 32; i++) data[i]! *= 1e-36
    data[2 * columns]! *= 9
  }
  return weights
}

/** Bytes; of Qwen 2 one of its split, which transformers takes whatever the files say; else that of GPT-2. */
async function tokenizerOf(model: CausalModel): Promise<Tokenizer> {
  if (model.config.vocabulary === 256) return byteTokenizer()
  const json = await tokenizerJson
  return tokenizerFromJson(model === biased ? { ...json, ...qwenSplit } : json, config)
}

const qwenSplit = {
  normalizer: { type: 'NFC' },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      {
        type: 'Split',
        pattern: {
          Regex:
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        },
        behavior: 'Isolated',
        invert: false,
      },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  },
}

/** Make it at the first call alone. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

const opened = new Map<string, Promise<OpenExport>>()

/** The model of a case, opened once: of a run whose weights are cast when it is opened. */
export function exportOf(name: CaseName): Promise<OpenExport> {
  const { model: described, format, quantize }: ExportCase = cases[name]
  const open = async (): Promise<OpenExport> => {
    const path = await run(`run-of-${name}`, await tokenizerOf(described), described, hardWeights(described))
    const model = await openExport(path, { format, ...(quantize ? { quantize } : {}) })
    // Each weight is asked for several times here.
    return {
      ...model,
      tensors: model.tensors.map((tensor) => ({
        ...tensor,
        read: once(tensor.read),
        quantized: once(tensor.quantized),
      })),
    }
  }
  const found = opened.get(name) ?? open()
  opened.set(name, found)
  return found
}

/** The files of a case. */
export async function filesOf(name: CaseName): Promise<readonly ExportFile[]> {
  const { target, options }: ExportCase = cases[name]
  return target.files(await exportOf(name), options)
}

/** The bytes of a file. */
export async function bytesOf({ pieces, size }: ExportFile): Promise<Uint8Array> {
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const piece of pieces()) {
    bytes.set(piece, at)
    at += piece.length
  }
  if (at !== size) throw new Error(`expected ${size} bytes, found ${at}`)
  return bytes
}

/** Write the files of a case into a folder of its name. */
export async function writeCase(folder: string, name: CaseName): Promise<string> {
  const path = join(folder, name)
  await mkdir(path, { recursive: true })
  for (const file of await filesOf(name)) await writeFile(join(path, file.name), await bytesOf(file))
  return path
}

/** The two files of a tokenizer, as texts. */
export const tokenizerTexts = ({ json, config: own }: TokenizerFiles): Readonly<Record<string, string>> => ({
  'tokenizer.json': JSON.stringify(json),
  'tokenizer_config.json': JSON.stringify(own),
})

/** Write all that is judged, and the texts: the folders in the order of the judge's answer. */
export async function writeAll(folder: string): Promise<readonly string[]> {
  await writeFile(join(folder, 'texts.json'), JSON.stringify(manyTexts(1500)))
  const written: string[] = []
  for (const name of caseNames) written.push(await writeCase(folder, name))
  for (const name of bpeEncodings) {
    const path = join(folder, name)
    await mkdir(path, { recursive: true })
    const texts = tokenizerTexts(await tokenizerFiles(await bpeTokenizer(name)))
    for (const [file, text] of Object.entries(texts)) await writeFile(join(path, file), text)
    written.push(path)
  }
  return written
}
