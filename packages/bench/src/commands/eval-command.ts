// Command: judge a model by a text. Comes in: a run or a file of weights, text. Goes out: loss, perplexity,
// bits a byte; how far it is from full precision.
// Source: docs/design/18-language.md, what a loss is.

import { defineCommand, maybe, wholeNumber, type CliCommand, type CliContext } from '@lotion/cli'
import { formatWith, progressLine } from '@lotion/cli/internal'
import type { Evaluation, LanguageModel, LlamaCppModel } from '@lotion/language'
import { z } from 'zod'
import { textSources } from '../language/text-sources.js'
import { isRunFolder, runFolder } from '../run-files/run-file.js'
import { quantizeRuleOf } from '../run-files/rules-of-run.js'
import { engineOption, modelArgument, refuseTokenizer, sourceOf, sourceOptions } from './model-options.js'

const word = maybe(z.string().min(1, 'expected a word, found none'))

/** Judges a model by a text. */
export const evalCommand: CliCommand = defineCommand({
  path: ['eval'],
  summary: 'judge a model by a text: loss, perplexity, bits a byte, distance to full precision',
  arguments: { model: modelArgument },
  options: {
    data: {
      flags: '--data <paths>',
      description:
        'text: files, folders, patterns, .jsonl, - for standard input, with commas between (default: the validation text of the run)',
      schema: maybe(textSources),
    },
    reference: {
      flags: '--reference <model>',
      description: 'model to compare with (default: what the run trained, before the cast)',
      schema: word,
    },
    format: {
      flags: '--format <name>',
      description:
        'cast the weights to this format first, of a run those before its cast, and compare with them as they are',
      schema: word,
    },
    block: {
      flags: '--block <weights>',
      description: "weights that share a scale: tensor, row or a number (default: the format's own)",
      schema: word,
    },
    context: {
      flags: '--context <n>',
      description: 'tokens of a window (default: the model’s own, at most 512)',
      schema: maybe(wholeNumber({ min: 1, max: 1e6 })),
    },
    tokens: {
      flags: '--tokens <n>',
      description: 'only the first tokens of the text (default: all)',
      schema: maybe(wholeNumber({ min: 2, max: 1e12 })),
    },
    ...sourceOptions,
    ...engineOption,
    json: { flags: '--json', description: 'one line of JSON', schema: z.boolean().default(false) },
  },
  examples: [
    'lotion eval mine',
    'lotion eval mine --data chapter.txt --json',
    'lotion eval SmolLM2.gguf --data notes.txt --format q4_0',
    'lotion eval mine.gguf --data chapter.txt --engine llama.cpp',
  ],
  run: async (
    { model: path, data, context, tokens, format: name, block, reference: other, engine, json, ...rest },
    cli,
  ) => {
    const { loadLlamaCpp, loadModel } = await import('@lotion/language')
    const { trainedWeights } = await import('@lotion/language/internal')
    const { formatTitle, formatWord } = await import('@lotion/formats/internal')
    const { textOfRun, textOfSources } = await import('../language/eval-text.js')
    const folder = await runFolder(path)
    const isRun = await isRunFolder(folder)
    if (isRun && data === undefined && (context ?? tokens) !== undefined)
      throw new RangeError(
        'context: expected none of --context and --tokens with the validation text of a run, found one; give --data <paths>, or leave it out',
      )
    if (block !== undefined && name === undefined)
      throw new RangeError('block: expected --format with it, found none; name the format')
    if (name !== undefined && other !== undefined)
      throw new RangeError('format: expected --format or --reference, found both; leave one out')
    const isElsewhere = engine !== 'lotion'
    if (isElsewhere && (name ?? other) !== undefined)
      throw new RangeError(
        `engine: expected no --format and no --reference with ${engine}, which runs the file as it is, found one; leave it out`,
      )
    if (isElsewhere) refuseTokenizer(rest)
    const format = name === undefined ? undefined : await formatWith(name, block)
    const options = { ...sourceOf(rest), onWarning: cli.warn }
    const opened: { close(): unknown }[] = []
    const keep = async <T extends { close(): unknown }>(made: Promise<T>): Promise<T> => {
      const value = await made
      opened.push(value)
      return value
    }
    try {
      // A cast of the cast is no format's fault: of a run that is cast which was trained.
      const isTrained = isRun && format !== undefined
      const model = isElsewhere
        ? await keep(
            loadLlamaCpp(path, {
              ...(rest.threads === undefined ? {} : { threads: rest.threads }),
              ...(context === undefined ? {} : { context }),
            }),
          )
        : await keep(loadModel(path, isTrained ? { ...options, weights: 'trained' } : options))
      if (data === undefined && !isRun)
        throw new RangeError(`data: expected text to judge ${path} by, found none; give --data <paths>`)
      const compared = other ?? (isRun && format === undefined ? await trainedWeights(folder) : undefined)
      if (compared === undefined && isRun && format === undefined)
        cli.warn(
          `${path}: the weights before the cast are not there any more (weights/): not compared are loss in full precision, divergence and agreement; --reference names others`,
        )
      const reference = compared === undefined ? undefined : await keep(loadModel(compared, options))
      const { text } = await keep(
        data === undefined
          ? textOfRun(folder, model, cli.warn)
          : textOfSources(data, model, { most: tokens, signal: cli.signal }),
      )
      const found = await judged(model, text, cli, {
        // A run's windows are as long as those that it was trained with.
        ...(context !== undefined || data === undefined
          ? { context: context ?? model.model.config.context }
          : {}),
        ...(reference === undefined ? {} : { reference }),
        ...(format === undefined ? {} : { format }),
        ...(isTrained ? { quantize: await quantizeRuleOf(folder) } : {}),
      })
      const cast = format && formatTitle(format)
      const beside = other !== undefined ? 'reference' : isRun ? 'full precision' : 'as they are'
      cli.stdout.write(
        json
          ? `${JSON.stringify({ model: model.path, ...(isElsewhere ? { engine } : {}), ...(format ? { format: formatWord(format) } : {}), ...found })}\n`
          : evaluationText(model, found, { cast, beside }),
      )
    } finally {
      for (const one of opened.reverse()) await one.close()
    }
  },
})

type Model = LanguageModel | LlamaCppModel
type Text = Parameters<LanguageModel['evaluate']>[0]
type Options = NonNullable<Parameters<LanguageModel['evaluate']>[1]>

async function judged(
  model: Model,
  text: Text,
  { stderr, signal }: CliContext,
  options: Options,
): Promise<Evaluation> {
  let line: ReturnType<typeof progressLine> | undefined
  try {
    return await model.evaluate(text, {
      ...options,
      signal,
      onProgress: ({ tokens, total }) => {
        line ??= progressLine({ label: 'eval', total, unit: 'tokens', stream: stderr })
        line.update({ step: tokens })
      },
    })
  } finally {
    line?.stop()
  }
}

/** How a comparison is called. */
interface Words {
  /** The format that the weights were cast to for it. */
  readonly cast: string | undefined
  /** What they are compared with. */
  readonly beside: string
}

/** The formats that a file says of itself; or what runs it. */
function ownFormats(model: Model): string {
  if ('release' in model) return `llama.cpp ${model.release}`
  return [...new Set([...model.grid.values()].map(({ format }) => format))].sort().join(', ')
}

/** What a person reads. */
function evaluationText(model: Model, found: Evaluation, { cast, beside }: Words): string {
  const formats = [ownFormats(model), cast].filter(Boolean).join(' → ')
  const rows: [string, string][] = [
    ['loss', `${found.loss.toFixed(4)} nats a token`],
    ['perplexity', found.perplexity.toPrecision(5)],
    ['bits a byte', found.bitsPerByte.toFixed(4)],
  ]
  const { reference } = found
  if (reference)
    rows.push(
      [beside, `${reference.loss.toFixed(4)} nats a token`],
      ['divergence', `${reference.divergence.toFixed(4)} nats a token, KL(${beside} ‖ this)`],
      ['agreement', `${(100 * reference.agreement).toFixed(1)} % of the likeliest tokens are the same`],
    )
  const width = Math.max(...rows.map(([label]) => label.length))
  const head = `${model.path}${formats === '' ? '' : ` · ${formats}`} · ${found.tokens} tokens, ${found.bytes} bytes, windows of ${found.context}\n`
  return head + rows.map(([label, value]) => `${label.padEnd(width)}  ${value}\n`).join('')
}
