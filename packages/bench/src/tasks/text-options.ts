// Options of the task `text`: data, model, tokenizer, how it is trained. Comes in: nothing. Goes out: options
// whose values are plain data.
// Source: docs/design/04-bench.md, text of one's own.

import { flag, maybe, oneOf, realNumber, wholeNumber, type CliOption } from '@lotion/cli'
import { z } from 'zod'
import { SPEECHES, textSources } from '../language/text-sources.js'
import type { TrainedModel } from '../language/text-model.js'
import { schedules } from './text-schedule.js'

/** An option, as such: what its members are stands at `CliOption`. */
const option = <T>(given: CliOption<T>): CliOption<T> => given

const word = (flags: string, description: string, value?: string): CliOption<string | undefined> => ({
  flags,
  description,
  schema: maybe(z.string().min(1, 'expected a word, found none')),
  ...(value === undefined ? {} : { default: value }),
})

/** The options of `lotion train`. */
export const textOptions = {
  /** Sources with commas between. Default: the bundled speeches. */
  data: option({
    flags: '--data <paths>',
    description:
      "text: files, folders, patterns such as 'notes/*.md', .jsonl, - for standard input, with commas between; chats.jsonl:field=body,weight=2 names a field and how often it is drawn from",
    schema: textSources,
    default: SPEECHES,
  }),
  /** The field of lines of .jsonl. Default `text`, or `messages`. */
  field: word('--field <name>', 'the field of lines of .jsonl that is the text (default: text, or messages)'),
  /** A size, a checkpoint's folder, a GGUF file or a module; in a program also a model. Default `micro`. */
  model: option<string | TrainedModel | undefined>(
    word(
      '--model <name>',
      'a size (nano, micro, mini, small, 135m, 150m, 300m), the folder of a Hugging Face checkpoint, a .gguf file, or a module that exports a model',
      'micro',
    ),
  ),
  /** bytes, bpe, an encoding, or a tokenizer.json. Default: the checkpoint's; nano's bytes, else bpe:1024. */
  tokenizer: word(
    '--tokenizer <name>',
    'bytes; bpe:1024, so many ids learnt of the text that is trained on; a published encoding such as r50k_base; or the path of a tokenizer.json (default: the checkpoint’s; of nano and on the bundled speeches bytes, of other sizes bpe:1024)',
  ),
  /** Which tokens count in the loss: all, or the assistant's of messages. Default all. */
  lossOn: option({
    flags: '--loss-on <tokens>',
    description: 'tokens that are learnt and judged by: all, or of chat messages those of the assistant',
    schema: oneOf(['all', 'assistant']),
    default: 'all',
  }),
  /** Whether sequences are whole documents side by side, which do not see each other. Default: no. */
  pack: option({
    flags: '--pack',
    description:
      'fill each sequence with whole documents, such as conversations, side by side: none sees another; default: cut anywhere',
    schema: flag,
  }),
  /** Probability of an activation to be 0 in training, below 1. Default 0. */
  dropout: option({
    flags: '--dropout <p>',
    description:
      'set activations to 0 with this probability in training: embeddings, weights of attention, what each half of a block adds',
    schema: realNumber({ min: 0, max: 0.99 }),
    default: '0',
  }),
  /** Tokens of the text that is held back that losses are measured on, if it has so many. Default 16384. */
  evalTokens: option({
    flags: '--eval-tokens <n>',
    description:
      'tokens of the text that is held back that losses are measured on, in whole sequences, if it has so many',
    schema: wholeNumber({ min: 1, max: 2 ** 30 }),
    default: '16384',
  }),
  /** Sequences a step, 1 to 4096. Default 8. */
  batch: option({
    flags: '--batch <n>',
    description: 'sequences a step',
    schema: wholeNumber({ min: 1, max: 4096 }),
    default: '8',
  }),
  /** Parts that each batch is taken in, 1 to 4096. Default 1. */
  accumulate: option({
    flags: '--accumulate <n>',
    description: 'take each batch in n parts, with the memory of one: gradients are those of the whole batch',
    schema: wholeNumber({ min: 1, max: 4096 }),
    default: '1',
  }),
  /** Tokens a sequence. Default: the model's own, at most 256. */
  context: option({
    flags: '--context <n>',
    description: 'tokens a sequence (default: the model’s own, at most 256)',
    schema: maybe(wholeNumber({ min: 1, max: 1e6 })),
  }),
  /** Weight decay on matrices. Default 0.1. */
  weightDecay: option({
    flags: '--weight-decay <rate>',
    description: 'AdamW’s, on matrices',
    schema: realNumber({ min: 0 }),
    default: '0.1',
  }),
  /** Largest norm of the gradient. Default 1. */
  clip: option({
    flags: '--clip <norm>',
    description: 'gradients are shortened to this norm',
    schema: realNumber({ above: 0 }),
    default: '1',
  }),
  /** Part of the run over which the rate rises. Default 0.05. */
  warmup: option({
    flags: '--warmup <share>',
    description: 'part of the run over which the learning rate rises, from 0 to 1',
    schema: realNumber({ min: 0, max: 0.99 }),
    default: '0.05',
  }),
  /** How the learning rate runs: cosine, wsd, linear or constant. Default cosine. */
  schedule: option({
    flags: '--schedule <name>',
    description:
      'of the learning rate after the warm-up: cosine or linear to 0, wsd (stable, then down to 0), constant',
    schema: oneOf(schedules),
    default: 'cosine',
  }),
  /** Part of the run over which the rate falls, of wsd. Default 0.2. */
  decay: option({
    flags: '--decay <share>',
    description: 'of wsd: part of the run over which the learning rate falls to 0 (default: 0.2)',
    schema: maybe(realNumber({ above: 0, max: 1 })),
  }),
  /** Threads of each engine, 1 to 256. Default: one for a small model, else one a processor. */
  threads: option({
    flags: '--threads <n>',
    description: 'threads of each engine; the results do not depend on it',
    schema: maybe(wholeNumber({ min: 1, max: 256 })),
  }),
}
