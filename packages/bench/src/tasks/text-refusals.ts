// Options of the task `text` that contradict each other, the text or the model. Comes in: values. Goes out:
// nothing, or an error that says what to leave out.

import type { Tokenizer } from '@lotion/text'
import { SPEECHES } from '../language/text-sources.js'
import type { OptionValues } from '@lotion/cli'
import type { textOptions } from './text-options.js'

type Values = OptionValues<typeof textOptions>

/** Refuse what text or batch of a run cannot have. @throws RangeError naming the option. */
export function refuseForText(
  {
    field,
    pack,
    lossOn,
    batch,
    accumulate,
  }: Pick<Values, 'field' | 'pack' | 'lossOn' | 'batch' | 'accumulate'>,
  isOwn: boolean,
): void {
  const without = (option: string, expected: string): RangeError =>
    new RangeError(`${option}: expected --data with ${expected}, found the bundled ${SPEECHES}; leave it out`)
  if (field !== undefined && !isOwn) throw without('field', '.jsonl')
  if (pack && !isOwn) throw without('pack', 'documents that fit a sequence')
  if (lossOn === 'assistant' && !isOwn)
    throw without('loss-on', 'conversations, lines of .jsonl with messages')
  if (batch % accumulate !== 0)
    throw new RangeError(
      `accumulate: expected parts of one size, a number that divides the ${batch} sequences of --batch, found ${accumulate}; change one of the two`,
    )
}

/** Refuse what a model or its tokenizer cannot do. @throws RangeError naming the option. */
export function refuseForModel(
  { lossOn, pack, dropout }: Pick<Values, 'lossOn' | 'pack' | 'dropout'>,
  tokenizer: Tokenizer,
  model: { readonly name: string; readonly isDecoder: boolean },
): void {
  if (lossOn === 'assistant' && !tokenizer.chatTokens)
    throw new RangeError(
      `loss-on: expected a tokenizer with a chat template, which tells the assistant's tokens, found one without; take that of a checkpoint (--model <folder>), or of a tokenizer.json with its tokenizer_config.json beside it (--tokenizer <path>), or leave it out`,
    )
  const [asked] = [...(pack ? ['pack'] : []), ...(dropout > 0 ? ['dropout'] : [])]
  if (asked !== undefined && !model.isDecoder)
    throw new RangeError(
      `${asked}: expected a model that reads segments and factors of dropout, as those of @lotion/models, found '${model.name}', which does not; leave it out`,
    )
}
