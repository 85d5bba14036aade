// Conversations by a chat template. Comes in: a tokenizer_config.json, and how text with control tokens is
// encoded. Goes out: messages → ids and which of them are the assistant's; nothing without a template.
// Source: npm @huggingface/jinja. A template that writes today's date finds no clock here: ids repeat.

import { Template } from '@huggingface/jinja'
import { shownValue } from '@lotion/core/internal'
import type { ChatMessage, ChatOptions, ChatTokens } from '../tokenizer.js'
import { isRecord } from './tokenizer-file.js'

/** What the encoder needs of a tokenizer. */
interface WithControl {
  /** Encode with control tokens. */
  encode(text: string): Int32Array
  readonly control: ReadonlySet<number>
}

type Encoder = (messages: readonly ChatMessage[], options?: ChatOptions) => ChatTokens

/** Make the encoder of a template. @throws Error where the template cannot be parsed. */
export function chatEncoder(
  config: Readonly<Record<string, unknown>>,
  { encode, control }: WithControl,
): Encoder | undefined {
  const source = templateOf(config['chat_template'])
  if (source === undefined) return undefined
  const template = parsed(source)
  const tokens = Object.fromEntries(
    Object.entries(config)
      .filter(([name]) => name.endsWith('_token'))
      .map(([name, token]) => [name, isRecord(token) ? token['content'] : token]),
  )
  const textOf = (messages: readonly ChatMessage[], prompt: boolean): string => {
    try {
      return template.render({ ...tokens, messages, add_generation_prompt: prompt })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new RangeError(`messages: refused by the chat template: ${why}`, { cause: error })
    }
  }
  return (messages, { prompt = false } = {}) => {
    checkMessages(messages)
    const text = textOf(messages, prompt)
    const ids = encode(text)
    let mask: Uint8Array | undefined
    return {
      ids,
      // Only for who asks: templates that write a turn otherwise once others follow have no such mask.
      get assistant() {
        return (mask ??= assistantOf({ messages, prompt, text, ids }))
      },
    }
  }

  function assistantOf({ messages, prompt, text, ids }: WholeText): Uint8Array {
    const assistant = new Uint8Array(ids.length)
    // Where a part of the conversation ends among the ids. A token across the border is the later part's.
    const borderOf = (part: string, i: number): number => {
      if (!text.startsWith(part))
        throw new RangeError(
          `messages[${i}]: expected a chat template that writes a turn the same way whatever follows, found one that does not; which tokens are the assistant's cannot be told`,
        )
      const before = encode(part)
      const differs = before.findIndex((id, at) => id !== ids[at])
      return differs < 0 ? before.length : differs
    }
    messages.forEach(({ role }, i) => {
      if (role !== 'assistant') return
      const start = borderOf(textOf(messages.slice(0, i), true), i)
      const end =
        i === messages.length - 1 && !prompt
          ? ids.length
          : borderOf(textOf(messages.slice(0, i + 1), false), i)
      // A line break after the token that ends a turn is the template's: no model writes past that token.
      const last = ids.subarray(start, end).findLastIndex((id) => control.has(id))
      assistant.fill(1, start, last < 0 ? end : start + last + 1)
    })
    return assistant
  }
}

/** A conversation, its text and its ids. */
interface WholeText {
  readonly messages: readonly ChatMessage[]
  readonly prompt: boolean
  readonly text: string
  readonly ids: Int32Array
}

/** The template of a config, which holds one, or several by name. */
export function templateOf(given: unknown): string | undefined {
  if (given === undefined || given === null) return undefined
  if (typeof given === 'string') return given
  const named = Array.isArray(given)
    ? given.filter(isRecord).find(({ name }) => name === 'default')
    : undefined
  const template = named?.['template']
  if (typeof template === 'string') return template
  throw new TypeError(
    `tokenizer_config.json: chat_template: expected a text, or a list with one named 'default', found ${shownValue(given)}`,
  )
}

function parsed(source: string): Template {
  try {
    // Not defined, as in an older renderer: templates ask, and write a date of their own or none.
    return new Template(source.replaceAll('strftime_now', 'no_clock'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new RangeError(`tokenizer_config.json: chat_template: ${why}`, { cause: error })
  }
}

/** Refuse what is no conversation, by position. */
function checkMessages(messages: readonly ChatMessage[]): void {
  if (!Array.isArray(messages) || messages.length === 0)
    throw new TypeError(`messages: expected a list with at least one message, found ${shownValue(messages)}`)
  for (const [i, message] of messages.entries()) {
    for (const field of ['role', 'content'] as const) {
      const value: unknown = isRecord(message) ? message[field] : undefined
      if (typeof value !== 'string')
        throw new TypeError(
          `messages[${i}].${field}: expected text, found ${value === undefined ? 'nothing' : shownValue(value)}`,
        )
    }
  }
}
