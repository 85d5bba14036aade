// Options that `cast` and `inspect` share. Comes in: text, a file's record. Goes out: a format with its scale
// rule and blocks.
// Source: docs/design/04-bench.md.

import { CastOptionError, recordedGrid, type Checkpoint, type RecordedGrid } from '@lotion/checkpoints'
import type { BlockAxis, NumberFormat } from '@lotion/core'
import { blockName } from '@lotion/core/internal'
import { builtInFormats, builtInScales, int4, scaleByName, withScale } from '@lotion/formats'
import { z } from 'zod'
import type { CliOptions, OptionValues } from '../kit/cli-command.js'
import { blockOption, withBlocks } from '../kit/format-options.js'
import { formatKind } from '../kit/kinds.js'
import { foundWord, knownWord } from '../kit/known-word.js'
import { axisValue, flag, maybe, pattern } from '../kit/option-values.js'
import {
  chosenPlugin,
  definePluginKind,
  isModulePath,
  pluginWord,
  pluginWords,
  wordsOf,
} from '../kit/plugin-words.js'
import { UsageError } from '../kit/usage-error.js'

const scaleNames = builtInScales.map(({ name }) => name)

const scaleValue: z.ZodType<string> = z.string().transform((text, context) => {
  try {
    return scaleByName(knownWord(scaleNames, text) ?? text.toLowerCase()).name
  } catch {
    context.addIssue({
      code: 'custom',
      message: `expected one of ${scaleNames.join(', ')} or fixed- with a number above 0, ${foundWord(scaleNames, text)}`,
    })
    return z.NEVER
  }
})

/** Formats, as the option of several is called. */
const formatsKind = definePluginKind({ ...formatKind, name: 'formats' })

/** Which weights, and what to cast them to. */
export const weightOptions = {
  format: {
    flags: '--format <name>',
    description: `number format (default: the one that the file says it was cast to, else int4): ${wordsOf(formatKind)}`,
    schema: maybe(pluginWord(formatKind)),
  },
  formats: {
    flags: '--formats <paths>',
    description:
      'modules of the formats that the file was cast to or packed as, where they are not built in and not --format',
    schema: maybe(pluginWords(formatsKind)),
  },
  scale: {
    flags: '--scale <rule>',
    description: `scale rule (default: the format's own): ${scaleNames.join(', ')}, fixed-<number>`,
    schema: maybe(scaleValue),
  },
  block: blockOption,
  axis: {
    flags: '--axis <axes>',
    description:
      'what blocks run along: an axis (-1 is the last) or a run of them, such as 0..2 or 1.. (default: by name and shape, the inputs of a layer)',
    schema: maybe(axisValue),
  },
  only: {
    flags: '--only <regexp>',
    description:
      'names of the tensors (default: matrices and convolutions, but no embeddings, norms, head, biases, routers)',
    schema: maybe(pattern),
  },
  again: {
    flags: '--again',
    description:
      'for a file that was cast before: the grid of these options, not the one that it records, where a second rounding is meant',
    schema: flag,
  },
} as const satisfies CliOptions

/** What changes blocks that are smaller than asked for. */
export const BLOCK_ADVICE = 'choose --axis, or leave such tensors out with --only'

/** Values of the shared options. */
export type WeightValues = OptionValues<typeof weightOptions>

/**
 * The grid that a command is about: the file's own where it has one, that of the options elsewhere; `--again`
 * takes these alone.
 */
export interface WantedGrid extends Pick<RecordedGrid, 'recorded'> {
  readonly format: NumberFormat
  /** Formats of modules, which the file may be of. */
  readonly formats: readonly NumberFormat[]
}

/** The formats of modules. @throws if one of them has none. */
export async function formatModules(paths: WeightValues['formats']): Promise<NumberFormat[]> {
  const formats: NumberFormat[] = []
  for (const path of paths ?? []) formats.push(await chosenPlugin(formatsKind, path, undefined))
  return formats
}

/** @throws if an option contradicts the file, or the file has several grids. */
export async function wantedGrid(file: Checkpoint, values: WeightValues): Promise<WantedGrid> {
  const { format: word, scale, block } = values
  const asked = word === undefined ? undefined : await chosenPlugin(formatKind, word, undefined)
  const formats = [...(asked ? [asked] : []), ...(await formatModules(values.formats))]
  // A scale rule in the word counts where it is the format's own, too: the file may have another.
  const worded = asked && !isModulePath(word!) && word!.includes(':') ? asked.scale.name : undefined
  if (worded !== undefined && scale !== undefined && scale !== worded)
    throw new UsageError(
      `scale: expected one scale rule, found ${scale} and that of --format ${word}; leave out --scale`,
    )
  const found = recordedGrid(file, { ...values, format: asked?.name, scale: scale ?? worded, formats })
  if (found) return { ...found, formats }
  const named = withBlocks(asked ?? int4, block)
  const none = new Map<string, BlockAxis>()
  return {
    format: scale === undefined ? named : withScale(named, scaleByName(scale)),
    recorded: none,
    formats,
  }
}

/** Options of `castFile` that are typed otherwise. */
const typed: Readonly<Record<string, string>> = { from: 'in', to: 'out', shardBytes: 'shard-size' }

/**
 * Say options as they are typed where a message of @lotion/checkpoints names them; `format` is the one to be
 * rounded to again. What no file could make good is a mistake of the call.
 */
export function inTypedWords(error: unknown, format?: NumberFormat): unknown {
  if (error instanceof Error)
    error.message = error.message
      .replace(/^\w+(?=: )/, (name) => (error instanceof CastOptionError ? (typed[name] ?? name) : name))
      .replaceAll(/option '([a-z]+)'/g, '--$1')
      .replace(/--formats$/, '--formats <its module>')
      .replace(/--again(?= to round)/, format ? `--again ${gridOptions(format)}` : '--again')
  return error instanceof CastOptionError ? new UsageError(error.message, { cause: error }) : error
}

/** The options that ask for a format. */
function gridOptions({ name, scale, block }: NumberFormat): string {
  const own = builtInFormats.find((format) => format.name === name)
  const scaled = scale.name === own?.scale.name ? '' : ` --scale ${scale.name}`
  const blocks = own && blockName(block) === blockName(own.block) ? '' : ` --block ${blockName(block)}`
  return `--format ${name}${scaled}${blocks}`
}
