// Options for number formats that commands share. Comes in: text. Goes out: formats with their blocks.
// Source: docs/design/04-bench.md.

import { parseBlock, type NumberFormat } from '@lotion/core'
import { formatByName, withBlock } from '@lotion/formats'
import type { CliOption } from './cli-command.js'
import { blockValue, formatNames, formatValue, listOf, maybe } from './option-values.js'

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
    description: `number format: ${formatNames.join(', ')}`,
    schema: formatValue,
    default: name,
  })

/** `--format` for several. */
export const formatsOption = (...names: readonly string[]): CliOption<readonly string[]> =>
  Object.freeze({
    flags: '--format <names>',
    description: `number formats: some of ${formatNames.join(', ')}`,
    schema: listOf(formatNames),
    default: names.join(','),
  })

/** The format of a name, with other blocks if they are given. */
export function formatWith(name: string, block: string | undefined): NumberFormat {
  const named = formatByName(name)
  return block === undefined ? named : withBlock(named, parseBlock(block))
}
