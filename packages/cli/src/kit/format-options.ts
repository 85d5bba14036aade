// Options for number formats that commands share. Comes in: text. Goes out: formats with their blocks.
// Source: docs/design/04-bench.md.

import type { NumberFormat } from '@lotion/core'
import { blockName, parseBlock } from '@lotion/core/internal'
import { withBlock } from '@lotion/formats'
import { isStandard } from '@lotion/formats/internal'
import type { CliOption } from './cli-command.js'
import { formatKind } from './kinds.js'
import { blockValue, maybe } from './option-values.js'
import { chosenPlugin, pluginWord, pluginWords, wordsOf } from './plugin-words.js'
import { UsageError } from './usage-error.js'

/** `--block`: a format's own blocks if left out. */
export const blockOption: CliOption<string | undefined> = Object.freeze({
  flags: '--block <weights>',
  description: "weights that share a scale: tensor, row or a number (default: the format's own)",
  schema: maybe(blockValue),
})

/** `--format` for one format. */
export const formatOption = (name: string): CliOption<string> =>
  Object.freeze({
    flags: '--format <name>',
    description: `number format: ${wordsOf(formatKind)}`,
    schema: pluginWord(formatKind),
    default: name,
  })

/** `--format` for several. */
export const formatsOption = (...names: readonly string[]): CliOption<readonly string[]> =>
  Object.freeze({
    flags: '--format <names>',
    description: `number formats: some of ${wordsOf(formatKind)}`,
    schema: pluginWords(formatKind),
    default: names.join(','),
  })

/**
 * The format that a word stands for, with other blocks if they are given.
 * @throws UsageError for a word that stands for none, and for other blocks of a format that is a layout of
 * bytes, scale and codes of a block together, and nothing without it.
 */
export async function formatWith(word: string, block: string | undefined): Promise<NumberFormat> {
  return withBlocks(await chosenPlugin(formatKind, word, undefined), block)
}

/** A format with other blocks, if they are given. @throws UsageError as `formatWith` does. */
export function withBlocks(named: NumberFormat, block: string | undefined): NumberFormat {
  if (block === undefined) return named
  const format = withBlock(named, parseBlock(block))
  if (!isStandard(format) && named.packing?.together) {
    throw new UsageError(
      `block: ${named.name} is stored in blocks of ${blockName(named.block)}, found ${block}; leave out --block, or take int8, int4 or mxfp4`,
    )
  }
  return format
}
