// Command: `lotion cast`. Comes in: a checkpoint and options. Goes out: a checkpoint of quantized weights.
// Source: docs/design/04-bench.md.

import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  castFile,
  openCheckpoint,
  packingFor,
  writableFloats,
  type CastSummary,
  type FloatDtype,
} from '@lotion/checkpoints'
import { sizeOf, type Noise, type NumberFormat } from '@lotion/core'
import { canStore, formatTitle } from '@lotion/formats'
import { nearest } from '@lotion/noise'
import { z } from 'zod'
import { defineCommand } from '../kit/cli-command.js'
import { noiseKind } from '../kit/kinds.js'
import { flag, maybe, pathValue, wholeNumber } from '../kit/option-values.js'
import { chosenPlugin, pluginWord, wordsOf } from '../kit/plugin-words.js'
import { UsageError } from '../kit/usage-error.js'
import { progressLine } from '../console/progress-line.js'
import { terminalText } from '../console/terminal-text.js'
import { planLines, planRecords, planWarnings } from './plan-text.js'
import {
  inTypedWords,
  wantedGrid,
  weightOptions,
  type WantedGrid,
  type WeightValues,
} from './weight-options.js'

/** Bytes of the tensors' files at a path; a folder's are those of all its files of tensors. */
async function bytesAt(path: string): Promise<number> {
  const info = await stat(path)
  const folder = info.isDirectory() ? path : path.endsWith('.json') ? dirname(path) : undefined
  if (folder === undefined) return info.size
  let bytes = 0
  for (const name of await readdir(folder))
    if (name.endsWith('.safetensors')) bytes += (await stat(join(folder, name))).size
  return bytes
}

const unitFactors: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 }

const bytesValue: z.ZodType<number> = z.string().transform((text, context) => {
  const found = /^(\d+(?:\.\d+)?) ?([KMGT]?)B?$/i.exec(text)
  const bytes = found ? Math.floor(Number(found[1]) * unitFactors[found[2]!.toUpperCase()]!) : 0
  if (bytes >= 1 && Number.isSafeInteger(bytes)) return bytes
  context.addIssue({ code: 'custom', message: `expected a size such as 5GB or 500MB, found '${text}'` })
  return z.NEVER
})

const dtypeValue: z.ZodType<FloatDtype | 'same'> = z.string().transform((text, context) => {
  const found = ([...writableFloats, 'same'] as const).find((dtype) => dtype.toLowerCase() === text)
  if (found !== undefined) return found
  context.addIssue({ code: 'custom', message: `expected f32, f16, bf16, f64 or same, found '${text}'` })
  return z.NEVER
})

/** Round the weights of a file to a number format. */
export const castCommand = defineCommand({
  path: ['cast'],
  summary: 'round the weights of a safetensors checkpoint to a number format',
  arguments: {
    from: {
      syntax: '<in>',
      description: 'the file to read, or the index or folder of one in shards',
      schema: pathValue,
    },
    to: {
      syntax: '<out>',
      description: 'the file to write, whole or not at all; in shards, the folder',
      schema: pathValue,
    },
  },
  options: {
    ...weightOptions,
    noise: {
      flags: '--noise <law>',
      description: `how to round, by a law on the grid: ${wordsOf(noiseKind)}`,
      schema: pluginWord(noiseKind),
      default: 'nearest',
    },
    seed: {
      flags: '--seed <n>',
      description: 'seed of the draws, with a law other than nearest (default: 0)',
      schema: maybe(wholeNumber({ min: 0, max: 2 ** 52 })),
    },
    dtype: {
      flags: '--dtype <type>',
      description: 'what weights are written as: f32, f16, bf16, f64, or same as they were (default: f32)',
      schema: maybe(dtypeValue),
    },
    shardSize: {
      flags: '--shard-size <bytes>',
      description: 'write a folder of shards and their index, e.g. 5GB or 500MB (default: as the input is)',
      schema: maybe(bytesValue),
    },
    packed: {
      flags: '--packed',
      description:
        'write codes and scales (<name>.codes, <name>.scales; GGUF: <name>.blocks) instead of f32 weights',
      schema: flag,
    },
    swizzle: {
      flags: '--swizzle',
      description: 'with --packed, nvfp4 only: scales in the order that Blackwell tensor cores read',
      schema: flag,
    },
    json: {
      flags: '--json',
      description: 'print one line of JSON a tensor on standard output, cast or not, and nothing else there',
      schema: flag,
    },
  },
  examples: [
    'lotion cast model.safetensors cast.safetensors --format nvfp4',
    'lotion cast model.safetensors cast.safetensors --format int4 --block 32 --noise randomized-rounding --seed 7',
    'lotion cast model.safetensors packed.safetensors --format mxfp4 --only mlp --packed',
  ],
  run: async (values, { stdout, stderr, warn, signal }) => {
    const { from, to, packed, noise } = values
    const law = await lawOf(noise)
    refuseEarly(values, law)
    refuseName(to)
    if (await sameFile(from, to))
      throw new UsageError(`out: expected another file than the one to read, found '${to}'`)
    const { format, formats } = await gridFor(from, values)
    refusePacking(format, values)
    const line = progressLine({ label: 'cast', total: 1, stream: stderr, plainLines: false })
    try {
      const summary = await castFile({
        ...values,
        format,
        formats,
        noise: law,
        shardBytes: values.shardSize,
        signal,
        progress: (done, all) => line.update({ step: done / all }),
      })
      const { cast, tensors, weights } = summary
      line.stop()
      for (const warning of planWarnings(summary, format)) warn(warning)
      if (summary.changedTwice.size > 0) warn(secondCastWarning(to, summary, format))
      if (values.json) {
        for (const record of planRecords(summary, format)) stdout.write(`${JSON.stringify(record)}\n`)
        return
      }
      const [before, after] = [await bytesAt(from), await bytesAt(to)]
      const how = law === undefined ? noise : `${noise}, seed ${values.seed ?? 0}`
      stdout.write(
        `${terminalText(to)}: ${cast} of ${tensors} tensors (${weights} weights) ${packed ? 'packed as' : 'cast to'} ` +
          `${formatTitle(format)}, scale ${format.scale.name}, ${how}; ${before} bytes → ${after}\n` +
          planLines(summary, format)
            .map((text) => `  ${text}\n`)
            .join(''),
      )
      if (summary.rounded > 0)
        stdout.write(
          `${summary.rounded} of ${weights} weights are not on the grid: ${values.dtype} does not hold them exactly, they were rounded once more\n`,
        )
    } catch (error) {
      throw inTypedWords(error, format)
    } finally {
      line.stop()
    }
  },
})

/** Read what grid a file says its weights lie on, and take that of the options where it says none. */
async function gridFor(path: string, values: WeightValues): Promise<WantedGrid> {
  const file = await openCheckpoint(path)
  await file.close()
  try {
    return await wantedGrid(file, values)
  } catch (error) {
    throw inTypedWords(error)
  }
}

function secondCastWarning(
  path: string,
  { chosen, changedTwice }: CastSummary,
  format: NumberFormat,
): string {
  const changed = [...changedTwice].map(
    ([name, count]) => `${count} of ${sizeOf(chosen.get(name)!.shape)} of ${terminalText(name)}`,
  )
  const more = changed.length > 3 ? ` and some of ${changed.length - 3} more tensors` : ''
  return (
    `a second cast of ${terminalText(path)} to ${formatTitle(format)}, scale ${format.scale.name}, finds other scales and would change weights: ` +
    `${changed.slice(0, 3).join(', ')}${more}; it is refused. ` +
    (canStore(format, format.scale)
      ? 'For codes and scales, cast the original weights once, with --packed'
      : 'Keep the original weights for casts to come')
  )
}

/**
 * The law that a word stands for; none for nearest rounding, which draws nothing.
 * @throws UsageError for a law that leaves the grid.
 */
async function lawOf(word: string): Promise<Noise | undefined> {
  const law = await chosenPlugin(noiseKind, word, undefined)
  if (law.claims.onGrid) return law === nearest ? undefined : law
  throw new UsageError(
    `noise: expected a law whose outcomes are grid points, found '${word}', whose are not: what it gives is no cast`,
  )
}

/** Check what no option can check alone. @throws UsageError */
function refuseEarly(
  values: WeightValues & {
    readonly seed?: number | undefined
    readonly packed: boolean
    readonly swizzle: boolean
    readonly dtype?: FloatDtype | 'same' | undefined
  },
  law: Noise | undefined,
): void {
  if (values.packed && values.dtype !== undefined)
    throw new UsageError('dtype: packed weights are codes and scales; leave out --packed or --dtype')
  if (values.seed !== undefined && law === undefined)
    throw new UsageError(
      `seed: nearest rounding draws nothing, found ${values.seed}; add --noise randomized-rounding`,
    )
  if (values.swizzle && !values.packed)
    throw new UsageError('swizzle: an order of packed scales; add --packed, or leave out --swizzle')
  if (values.swizzle && values.format !== undefined && values.format !== 'nvfp4')
    throw new UsageError(`swizzle: expected --format nvfp4, found ${values.format}; leave out --swizzle`)
}

/** Names of files that are something else than safetensors. */
const otherFiles =
  /\.(?:gguf|ggml|onnx|bin|pt|pth|ckpt|npy|npz|h5|hdf5|pb|tflite|mlmodel|pkl|json|jsonl|csv|txt|md|html|zip|tar|gz)$/i

/** Check that what is written is not called what it is not. @throws UsageError */
function refuseName(path: string): void {
  const [found] = otherFiles.exec(path) ?? []
  if (found === undefined) return
  throw new UsageError(
    `out: expected the name of a .safetensors file, which is all that cast writes, found '${path}'; ` +
      `name it '${path.slice(0, -found.length)}.safetensors'`,
  )
}

/** Check what the file's own record decides. @throws UsageError */
function refusePacking(
  format: NumberFormat,
  { packed, swizzle }: { readonly packed: boolean; readonly swizzle: boolean },
): void {
  try {
    if (packed) packingFor(format, swizzle)
  } catch (error) {
    const said = inTypedWords(error)
    throw new UsageError(said instanceof Error ? said.message : String(said), { cause: error })
  }
}

/** Tell whether two paths lead to one file; a path that leads nowhere is no file's. */
async function sameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((path) => realpath(path).catch(() => undefined)))
  return one !== undefined && one === other
}
