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
 * are left out; a line that is too long by itself is told, and the conversation stays as it was.
 * @throws RangeError if the model has no chat template, or the system prompt leaves no room.
 */
export async function converse(conversation: Conversation): Promise<void> {
  const { model, lines, system, sampling, write, note, prompt, begin, end, signal } = conversation
  if (!model.chats)
    throw new RangeError(
      `${model.path}: expected a tokenizer with a chat template, found none; let it go on with a text: lotion generate`,
    )
  const { context } = model.model.config
  const first: readonly ChatMessage[] = system === undefined ? [] : [{ role: 'system', content: system }]
  const tokensWith = (content: string): number => lengthOf(model, [...first, { role: 'user', content }])
  const least = tokensWith('?')
  if (least >= context)
    throw new RangeError(
      `${system === undefined ? 'context' : 'system'}: expected room for a question in the context of ${context} tokens, found ${least} taken before it; ${system === undefined ? 'the chat template needs more' : 'say it in fewer words'}`,
    )
  let turns: ChatMessage[] = []
  prompt?.()
  for await (const line of lines) {
    if (signal.aborted) return
    const said = line.trim()
    const tokens = said === '' ? 0 : tokensWith(said)
    if (tokens >= context)
      note(
        `(that makes ${tokens} tokens, and the context has ${context}: say it in fewer words; the conversation is as it was)\n`,
      )
    else if (said !== '') {
      turns.push({ role: 'user', content: said })
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
  model: Conversation['model'],
  first: readonly ChatMessage[],
  turns: readonly ChatMessage[],
): readonly ChatMessage[] {
  const room = Math.floor((1 - ANSWER_SHARE) * model.model.config.context)
  let kept = turns
  while (kept.length > 1 && lengthOf(model, [...first, ...kept]) > room) kept = kept.slice(2)
  return kept
}

/** Tokens before an answer. */
const lengthOf = ({ tokenizer }: Conversation['model'], messages: readonly ChatMessage[]): number =>
  tokenizer.chatTokens!(messages, { prompt: true }).ids.length
