// Command: write a model as the files of another runtime. Comes in: a run, a file, a folder; a target. Goes
// out: a file or a folder that was not there before, and what to type next.
// Source: docs/design/19-export.md.

import { defineCommand, flag, maybe, oneOf, UsageError, type CliCommand } from '@lotion/cli'
import { blockOption, formatWith, progressLine } from '@lotion/cli/internal'
import { bytesText } from '@lotion/core/internal'
import { builtInTargets, type ExportTarget, type FloatType } from '@lotion/export'
import { z } from 'zod'
import { writeExport } from '../language/write-export.js'
import { quantizeRuleOf } from '../run-files/rules-of-run.js'
import { isRunFolder, runFolder } from '../run-files/run-file.js'
import { afterExport } from './after-export.js'
import { modelArgument, sourceOptions } from './model-options.js'

const word = maybe(z.string().min(1, 'expected a word, found none'))

/** What holds models of other kinds: named, so that one who looks for it is told where it is. */
const OTHER = 'tfjs'

const floatTypes: readonly FloatType[] = ['F32', 'F16', 'BF16']

/** Writes a model for another runtime. */
export const exportCommand: CliCommand = defineCommand({
  path: ['export'],
  summary: 'write a model as the files of another runtime, with exactly the weights that were trained',
  arguments: { model: modelArgument },
  options: {
    to: {
      flags: '--to <target>',
      description: `what for: ${builtInTargets.map(({ name, title }) => `${name} (${title})`).join('; ')}`,
      schema: maybe(oneOf([...builtInTargets.map(({ name }) => name), OTHER])),
    },
    out: {
      flags: '--out <path>',
      description: 'file or folder to write, which must not be there yet (default: the name of the model)',
      schema: word,
    },
    format: {
      flags: '--format <name>',
      description:
        'cast the weights to this format first, of a run those before its cast (default: as they were cast)',
      schema: word,
    },
    block: blockOption,
    dtype: {
      flags: '--dtype <type>',
      description: `what matrices on no grid are written as: ${floatTypes.join(', ')}, where that is exact (default: F32)`,
      schema: maybe(oneOf(floatTypes)),
    },
    unpacked: {
      flags: '--unpacked',
      description: 'write all weights as such numbers: the same ones, in more bytes',
      schema: flag,
    },
    tokenizer: sourceOptions.tokenizer,
    json: {
      flags: '--json',
      description: 'print one line of JSON a file on standard output, and nothing else there',
      schema: flag,
    },
  },
  examples: [
    'lotion export mine --to gguf',
    'lotion export SmolLM2.gguf --to gguf --format q4_0 --out smollm2-q4_0.gguf',
  ],
  notes:
    'Nothing is quantized again: codes and scales are those of the cast. What a target cannot hold is refused.',
  run: async ({ model: path, to, out, format: name, block, tokenizer, json, ...options }, cli) => {
    const target = targetOf(to)
    if (block !== undefined && name === undefined)
      throw new RangeError('block: expected --format with it, found none; name the format')
    const format = name === undefined ? undefined : await formatWith(name, block)
    const { openExport } = await import('@lotion/language')
    const model = await openExport(path, {
      ...(format === undefined ? {} : { format, ...(await ruleOf(path)) }),
      ...(tokenizer === undefined ? {} : { tokenizer }),
    })
    try {
      for (const warning of model.warnings) cli.warn(warning)
      const files = await target.files(model, {
        unpacked: options.unpacked,
        ...(options.dtype === undefined ? {} : { dtype: options.dtype }),
      })
      const place = out ?? (target.kind === 'folder' ? `${model.name}-${target.name}` : files[0]!.name)
      const total = files.reduce((sum, { size }) => sum + size, 0)
      const line = progressLine({ label: 'export', total, stream: cli.stderr, plainLines: false })
      try {
        await writeExport(place, files, {
          folder: target.kind === 'folder',
          signal: cli.signal,
          onProgress: (done) => line.update({ step: done }),
        })
      } finally {
        line.stop()
      }
      for (const { name: file, size, contents } of files) {
        const told = target.kind === 'folder' ? `${place}/${file}` : place
        cli.stdout.write(
          json
            ? `${JSON.stringify({ file: told, bytes: size, ...(contents === undefined ? {} : { contents }) })}\n`
            : `${[told, bytesText(size), ...(contents === undefined ? [] : [contents])].join(' · ')}\n`,
        )
      }
      if (!json)
        cli.stdout.write(
          afterExport({ path, place, target, model, isCast: format !== undefined, typed: cli.typed }),
        )
    } finally {
      await model.close()
    }
  },
})

/** What a run casts, where the model is one: it is cast by the rule that it was trained with. */
async function ruleOf(path: string) {
  const folder = await runFolder(path)
  return (await isRunFolder(folder)) ? { quantize: await quantizeRuleOf(folder) } : {}
}

function targetOf(to: string | undefined): ExportTarget {
  const found = builtInTargets.find(({ name }) => name === to)
  if (found) return found
  const names = builtInTargets.map(({ name }) => name).join(', ')
  if (to === OTHER)
    throw new UsageError(
      `to: expected a target of language models (${names}), found '${OTHER}', which holds models of tfjs layers; a program writes these with @lotion/tfjs`,
    )
  throw new UsageError(`to: expected one of ${names}, found none; name what the files are for: --to <target>`)
}
