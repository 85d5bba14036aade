// Command: `lotion cast`. Comes in: a checkpoint and options. Goes out: a checkpoint of quantized weights.
// Source: docs/design/04-bench.md.

import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { castFile, openCheckpoint, writableFloats, type CastSummary } from '@lotion/checkpoints'
import { numbersOf, sizeOf, type NumberFormat } from '@lotion/core'
import { builtInFormats } from '@lotion/formats'
import { canStore, canSwizzle, titleWithScale } from '@lotion/formats/internal'
import { nearest } from '@lotion/noise'
import { z } from 'zod'
import { defineCommand } from '../kit/cli-command.js'
import { noiseKind } from '../kit/kinds.js'
import { flag, maybe, oneOf, pathValue, wholeNumber } from '../kit/option-values.js'
import { chosenPlugin, pluginWord, wordsOf } from '../kit/plugin-words.js'
import { progressLine } from '../console/progress-line.js'
import { terminalText } from '../console/terminal-text.js'
import { planLines, planRecords, planWarnings } from './plan-text.js'
import {
  BLOCK_ADVICE,
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

/** Noises that a cast can round by. */
const castNoises = {
  ...noiseKind,
  families: noiseKind.families.filter((family) => family.make(numbersOf(family)).claims.onGrid),
}

/** Formats whose scales can be put in tiles. */
const inTiles = builtInFormats.filter(canSwizzle).map(({ name }) => name)

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
      description: `how to round, by a law on the grid: ${wordsOf(castNoises)}`,
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
      description: `what weights are written as: ${writableFloats.join(', ')}, or same as they were (default: F32)`,
      schema: maybe(oneOf([...writableFloats, 'same'])),
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
      description: `with --packed, ${inTiles.join(', ')} only: scales in the order that Blackwell tensor cores read`,
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
    const { from, to, axis, only, again, seed, dtype, packed, swizzle } = values
    const noise = await chosenPlugin(noiseKind, values.noise, undefined)
    const { format, formats } = await gridFor(from, values)
    const line = progressLine({ label: 'cast', total: 1, stream: stderr, plainLines: false })
    try {
      const summary = await castFile({
        from,
        to,
        format,
        formats,
        axis,
        only,
        again,
        noise,
        seed,
        dtype,
        packed,
        swizzle,
        shardBytes: values.shardSize,
        signal,
        progress: (done, all) => line.update({ step: done / all }),
      })
      const { cast, tensors, weights } = summary
      line.stop()
      for (const warning of planWarnings(summary, format, BLOCK_ADVICE)) warn(warning)
      if (summary.changedTwice.size > 0) warn(secondCastWarning(to, summary, format))
      if (values.json) {
        for (const record of planRecords(summary, format)) stdout.write(`${JSON.stringify(record)}\n`)
        return
      }
      const [before, after] = [await bytesAt(from), await bytesAt(to)]
      const how = noise === nearest ? values.noise : `${values.noise}, seed ${seed ?? 0}`
      stdout.write(
        `${terminalText(to)}: ${cast} of ${tensors} tensors (${weights} weights) ${packed ? 'packed as' : 'cast to'} ` +
          `${titleWithScale(format)}, ${how}; ${before} bytes → ${after}\n` +
          planLines(summary, format)
            .map((text) => `  ${text}\n`)
            .join(''),
      )
      if (summary.rounded > 0)
        stdout.write(
          `${summary.rounded} of ${weights} weights are not on the grid: ${dtype} does not hold them exactly, they were rounded once more\n`,
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
    `a second cast of ${terminalText(path)} to ${titleWithScale(format)}, finds other scales and would change weights: ` +
    `${changed.slice(0, 3).join(', ')}${more}; it is refused. ` +
    (canStore(format, format.scale)
      ? 'For codes and scales, cast the original weights once, with --packed'
      : 'Keep the original weights for casts to come')
  )
}
