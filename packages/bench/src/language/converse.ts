// A conversation, turn by turn. Comes in: lines, a model with a chat template. Goes out: pieces of answers.
// Source: docs/design/18-language.md.

import type { GenerateOptions, LanguageModel } from '@lotion/language'
import type { ChatMessage } from '@lotion/text'

/** Part of the context that is left for an answer where earlier turns are left out for it. */
const ANSWER_SHARE = 0.25

/** Who talks with whom, and how. */
export interface Conversation {
  readonly model: Pick<LanguageModel, 'path' | 'chats' | 'tokenizer' | 'answer' | 'model'>
  /** What is said, a line a turn; blank ones are passed over. */
  readonly lines: AsyncIterable<string>
  readonly system?: string | undefined
  readonly sampling: GenerateOptions
  /** Takes answers. */
  write(text: string): void
  /** Takes what else is to be known. */
  note(text: string): void
  /** Asks for a line. */
  prompt?(): void
  /** Begins an answer: its signal stops it alone. */
  begin(): AbortSignal
  end(): void
  /** Ends the conversation. */
  readonly signal: AbortSignal
}

/**
 * Talk until there are no more lines. Where a conversation grows longer than the context its earliest turns
 * are left out.
 * @throws RangeError if the model has no chat template.
 */
export async function converse(conversation: Conversation): Promise<void> {
  const { model, lines, system, sampling, write, note, prompt, begin, end, signal } = conversation
  if (!model.chats)
    throw new RangeError(
      `${model.path}: expected a tokenizer with a chat template, found none; let it go on with a text: lotion generate`,
    )
  const first: readonly ChatMessage[] = system === undefined ? [] : [{ role: 'system', content: system }]
  let turns: ChatMessage[] = []
  prompt?.()
  for await (const line of lines) {
    if (signal.aborted) return
    if (line.trim() !== '') {
      turns.push({ role: 'user', content: line.trim() })
      const fitting = fittingTurns(model, first, turns)
      if (fitting.length < turns.length) note('(earlier turns are left out: the context is full)\n')
      turns = [...fitting]
      turns.push({ role: 'assistant', content: await answered([...first, ...turns]) })
    }
    prompt?.()
  }

  async function answered(messages: readonly ChatMessage[]): Promise<string> {
    let text = ''
    const stop = begin()
    try {
      const pieces = model.answer(messages, { ...sampling, signal: AbortSignal.any([stop, signal]) })
      for await (const piece of pieces) {
        text += piece
        write(piece)
      }
    } catch (error) {
      if (!stop.aborted || signal.aborted) throw error
    } finally {
      end()
      write('\n')
    }
    return text.trim()
  }
}

/** The last turns that leave room for an answer, from one of the user on; at least the last one. */
function fittingTurns(
  { tokenizer, model }: Conversation['model'],
  first: readonly ChatMessage[],
  turns: readonly ChatMessage[],
): readonly ChatMessage[] {
  const room = Math.floor((1 - ANSWER_SHARE) * model.config.context)
  let kept = turns
  while (kept.length > 1 && tokenizer.chatTokens!([...first, ...kept], { prompt: true }).ids.length > room)
    kept = kept.slice(2)
  return kept
}
