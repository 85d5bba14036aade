import { describe, expect, test } from 'vitest'
import { missing, run } from '../../test/python-tokenizers.js'
import { trainBpe } from '../bpe/train-bpe.js'
import type { ChatMessage } from '../tokenizer.js'
import { tokenizerFromJson } from './tokenizer-from-json.js'

// As SmolLM2 is published with it.
const template = `{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system
You are a helpful AI assistant<|im_end|>
' }}{% endif %}{{'<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>' + '
'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% endif %}`
const json = await trainBpe(['user assistant system hello there, general'], {
  vocabulary: 300,
  special: ['<|endoftext|>', '<|im_start|>', '<|im_end|>'],
})
const config = { eos_token: '<|im_end|>', chat_template: template }
const tokenizer = tokenizerFromJson(json, config)
const messages: readonly ChatMessage[] = [
  { role: 'user', content: 'hello' },
  { role: 'assistant', content: 'there\n\n' },
  { role: 'user', content: 'hello, hello' },
  { role: 'assistant', content: '\ngeneral 🙂' },
]

describe('chatTokens', () => {
  test('marks what the assistant wrote, to the token that ends its turn', () => {
    const { ids, assistant } = tokenizer.chatTokens!(messages)
    const turns = [1, 0].map((mark) => tokenizer.decode(ids.filter((_, i) => assistant[i] === mark)))
    expect(turns[0]).toBe('there\n\n<|im_end|>\ngeneral 🙂<|im_end|>')
    expect(turns[1]).toContain('<|im_start|>user\nhello, hello<|im_end|>\n<|im_start|>assistant')
    expect(tokenizer.decode(ids)).toMatch(/^<\|im_start\|>system\nYou are[^]*general 🙂<\|im_end\|>\n$/)
    expect(ids.filter((id) => id === 2).length).toBe(5)
  })

  test('ends a prompt where an answer begins', () => {
    const { ids, assistant } = tokenizer.chatTokens!(messages.slice(0, 3), { prompt: true })
    expect(tokenizer.decode(ids)).toMatch(/hello, hello<\|im_end\|>\n<\|im_start\|>assistant\n$/)
    expect(assistant.reduce((sum, mark) => sum + mark, 0)).toBe(tokenizer.encode('there\n\n').length + 1)
  })

  test.skipIf(missing !== undefined)('gives the ids of the reference', () => {
    const ids = run(
      `
import json, sys
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import Tokenizer
text, template, messages = json.load(sys.stdin)
env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
rendered = env.from_string(template).render(messages=messages, add_generation_prompt=False, eos_token='<|im_end|>')
print(json.dumps(Tokenizer.from_str(text).encode(rendered, add_special_tokens=False).ids))`,
      JSON.stringify([JSON.stringify(json), template, messages]),
    )
    expect(Array.from(tokenizer.chatTokens!(messages).ids)).toEqual(JSON.parse(ids))
  })

  test('is absent without a template, which may be one of several', () => {
    expect(tokenizerFromJson(json).chatTokens).toBeUndefined()
    const several = {
      ...config,
      chat_template: [
        { name: 'tools', template: '' },
        { name: 'default', template },
      ],
    }
    expect(tokenizerFromJson(json, several).chatTokens!(messages)).toEqual(tokenizer.chatTokens!(messages))
  })

  test('gives ids by a template that writes the last turn otherwise, but not whose they are', () => {
    const thinking =
      "{% for m in messages %}{{ m.role }}{{ '(thought)' if loop.last else '' }}{{ m.content }}{% endfor %}"
    const chat = tokenizerFromJson(json, { chat_template: thinking }).chatTokens!(messages, { prompt: true })
    expect(tokenizer.decode(chat.ids)).toBe(
      'userhelloassistantthere\n\nuserhello, helloassistant(thought)\ngeneral 🙂',
    )
    expect(() => chat.assistant).toThrow(
      /messages\[1\]: expected a chat template that writes a turn the same/,
    )
  })

  test('has no clock: ids are the same tomorrow', () => {
    const dated = "{{ strftime_now('%Y') if strftime_now is defined else 'no date' }}"
    const { ids } = tokenizerFromJson(json, { chat_template: dated }).chatTokens!([
      { role: 'user', content: '' },
    ])
    expect(tokenizer.decode(ids)).toBe('no date')
  })

  test('says what is wrong', () => {
    const chat = (chat_template: unknown, given: unknown = messages) =>
      tokenizerFromJson(json, { chat_template }).chatTokens!(given as readonly ChatMessage[])
    expect(() => chat('{% if %}')).toThrow(/^tokenizer_config.json: chat_template: /)
    expect(() => chat([{ name: 'tools' }])).toThrow(/chat_template: expected a text, or a list/)
    expect(() => chat("{{ raise_exception('roles must alternate') }}")).toThrow(
      'messages: refused by the chat template: roles must alternate',
    )
    expect(() => chat(template, [])).toThrow(/messages: expected a list with at least one message/)
    expect(() => chat(template, [{ role: 'user' }])).toThrow(
      /messages\[0\].content: expected text, found nothing/,
    )
    expect(() => chat('{{ messages | length }}{{ messages[-1].content }}').assistant).toThrow(
      /messages\[1\]: expected a chat template/,
    )
  })
})

describe('tokenizerFromJson', () => {
  test('knows the ends of a document, and tells tokenizers apart', () => {
    expect(tokenizer).toMatchObject({ eos: 2, vocabulary: Object.keys(json.model.vocab).length })
    expect(tokenizer.bos).toBeUndefined()
    expect(tokenizer.special).toEqual(
      new Map([
        ['<|endoftext|>', 0],
        ['<|im_start|>', 1],
        ['<|im_end|>', 2],
      ]),
    )
    expect(tokenizer.identity).toBe(tokenizerFromJson(json, config).identity)
    expect(tokenizer.identity).not.toBe(tokenizerFromJson(json).identity)
    const begins = { bos_token: { content: '<|im_start|>' } }
    expect(tokenizerFromJson(json, { ...begins, add_bos_token: true }).bos).toBe(1)
    // That a token has a name does not mean that texts begin with it.
    expect(tokenizerFromJson(json, begins).bos).toBeUndefined()
  })

  test.each([
    [null, /tokenizer.json: expected an object, found null/],
    [{}, /tokenizer.json: model: expected an object, found undefined/],
    [{ ...json, model: { ...json.model, dropout: 0.1 } }, /model.dropout: expected none, found 0.1/],
    [
      { ...json, model: { ...json.model, vocab: { a: 'b' } } },
      /model.vocab: expected an id for 'a', found the text 'b'/,
    ],
    [{ ...json, pre_tokenizer: { type: 'Whatever' } }, /tokenizer.json: .*Whatever/],
    [{ ...json, added_tokens: [{ id: 1 }] }, /added_tokens\[0\]: expected an id and a text/],
    [
      { ...json, added_tokens: [{ id: 1, content: 'a', single_word: true }] },
      /added_tokens\[0\] 'a': expected single_word false/,
    ],
  ])('refuses %#', (given, message) => {
    expect(() => tokenizerFromJson(given)).toThrow(message)
  })

  test('refuses an end that is no token', () => {
    expect(() => tokenizerFromJson(json, { eos_token: '</s>' })).toThrow(
      /eos_token: expected a token of the vocabulary, found '<\/s>'/,
    )
  })
})
