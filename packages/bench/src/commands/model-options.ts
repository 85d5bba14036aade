// Options of commands that use a trained model. Comes in: words. Goes out: which model, and how tokens are
// drawn.
// Source: docs/design/18-language.md.

import { maybe, realNumber, wholeNumber, type CliArgument, type CliOption } from '@lotion/cli'
import { z } from 'zod'

/** Which model. */
export const modelArgument: CliArgument<string> = {
  syntax: '<model>',
  description:
    'a run (its folder, or its name in runs), a .safetensors of it, the folder of a Hugging Face checkpoint, or a .gguf file',
  schema: z.string().min(1, 'expected a path, found none'),
}

const whole = (flags: string, description: string, max: number): CliOption<number | undefined> => ({
  flags,
  description,
  schema: maybe(wholeNumber({ min: 1, max })),
})

/** Where the file does not say it, or another is wanted. */
export const sourceOptions = {
  tokenizer: {
    flags: '--tokenizer <name>',
    description: 'bytes, an encoding, or the path of a tokenizer.json (default: what the file says)',
    schema: maybe(z.string().min(1, 'expected a word, found none')),
  } satisfies CliOption<string | undefined>,
  threads: whole('--threads <n>', 'threads of the engine; the results do not depend on it', 256),
} as const

/** How tokens are drawn. */
export const samplingOptions = (length: number) =>
  ({
    length: {
      flags: '--length <n>',
      description: 'tokens to add at most',
      schema: wholeNumber({ min: 1, max: 1e6 }),
      default: String(length),
    } satisfies CliOption<number>,
    temperature: {
      flags: '--temperature <t>',
      description: '0 takes the likeliest token each time; 1 draws as the model says',
      schema: realNumber({ min: 0 }),
      default: '0.7',
    } satisfies CliOption<number>,
    topK: {
      flags: '--top-k <n>',
      description: 'only the likeliest tokens are drawn',
      schema: wholeNumber({ min: 1, max: 1e9 }),
      default: '40',
    } satisfies CliOption<number>,
    topP: {
      flags: '--top-p <share>',
      description: 'of these only the fewest that hold this share of their probability',
      schema: realNumber({ above: 0, max: 1 }),
      default: '1',
    } satisfies CliOption<number>,
    seed: {
      flags: '--seed <n>',
      description: 'the same seed gives the same text',
      schema: wholeNumber({ min: 0, max: 2 ** 52 }),
      default: '0',
    } satisfies CliOption<number>,
  }) as const

/** Values of the options above. */
interface Given {
  readonly length: number
  readonly temperature: number
  readonly topK: number
  readonly topP: number
  readonly seed: number
  readonly tokenizer: string | undefined
  readonly threads: number | undefined
}

/** As the package takes them. */
export function samplingOf({ tokenizer, threads, ...sampling }: Given) {
  return { sampling, source: sourceOf({ tokenizer, threads }) }
}

/** Which model. */
export const sourceOf = ({ tokenizer, threads }: Pick<Given, 'tokenizer' | 'threads'>) => ({
  ...(tokenizer === undefined ? {} : { tokenizer }),
  ...(threads === undefined ? {} : { threads }),
})
