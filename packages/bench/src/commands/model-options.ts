// Options of commands that use a trained model. Comes in: words. Goes out: which model, and how tokens are
// drawn.
// Source: docs/design/18-language.md.

import { maybe, oneOf, realNumber, wholeNumber, type CliArgument, type CliOption } from '@lotion/cli'
import type { LanguageModel, LlamaCppModel } from '@lotion/language'
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

const engines = ['lotion', 'llama.cpp'] as const

/** What computes. */
export const engineOption = {
  engine: {
    flags: '--engine <name>',
    description: `what computes: ${engines.join(', or of a .gguf file ')} (npm install node-llama-cpp)`,
    schema: oneOf(engines),
    default: engines[0],
  } satisfies CliOption<(typeof engines)[number]>,
} as const

/** Name what computes. */
export type EngineName = (typeof engines)[number]

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

/**
 * Load a model to speak or to answer.
 * @throws RangeError where llama.cpp is asked for what a file brings along.
 */
export async function loadSpeaker(
  path: string,
  engine: EngineName,
  source: ReturnType<typeof sourceOf>,
  onWarning: (text: string) => void,
): Promise<LanguageModel | LlamaCppModel> {
  const { loadLlamaCpp, loadModel } = await import('@lotion/language')
  if (engine === 'lotion') return loadModel(path, { ...source, onWarning })
  refuseTokenizer(source)
  return loadLlamaCpp(path, source.threads === undefined ? {} : { threads: source.threads })
}

/** llama.cpp takes the file as it is. */
export function refuseTokenizer({ tokenizer }: { readonly tokenizer?: string | undefined }): void {
  if (tokenizer !== undefined)
    throw new RangeError(
      'tokenizer: expected none with --engine llama.cpp, which takes the one of the file, found one; leave it out',
    )
}

/** Which model. */
export const sourceOf = ({ tokenizer, threads }: Pick<Given, 'tokenizer' | 'threads'>) => ({
  ...(tokenizer === undefined ? {} : { tokenizer }),
  ...(threads === undefined ? {} : { threads }),
})
