import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { packedBatches } from '../batches/packed-batches.js'
import { tokenBatches } from '../batches/token-batches.js'
import { trainBpe } from '../bpe/train-bpe.js'
import { byteTokenizer } from '../byte-tokenizer.js'
import { tokenizerFromJson } from '../json/tokenizer-from-json.js'
import { forgetTokens } from './forget-tokens.js'
import { openText, type OpenSource, type OpenTextOptions } from './open-text.js'
import { sourceFiles } from './source-files.js'

const bytes = byteTokenizer()
let base: string
let folder: string
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'lotion-text-'))
})
afterAll(() => rm(base, { recursive: true }))
beforeEach(async () => {
  folder = await mkdtemp(join(base, 'a'))
})

const put = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}
const opened = (path: string, options: Partial<OpenTextOptions> = {}) =>
  openText({ sources: [{ path }], tokenizer: bytes, cache: join(folder, 'cache'), ...options })

/** All tokens of both parts, in the order of the parts. */
async function textOf(path: string, options: Partial<OpenTextOptions> = {}): Promise<readonly string[]> {
  const text = await opened(path, options)
  const { tokenizer = bytes } = options
  const parts = text.sources.flatMap(({ training, validation }) =>
    [training, validation].map(({ tokens }) => tokenizer.decode(tokens.read(0, tokens.length))),
  )
  text.close()
  return parts
}

test('tokens of one file are forgotten, those of others and of several together stay', async () => {
  const cache = join(folder, 'cache')
  await forgetTokens(cache, 'nowhere')
  await mkdir(join(folder, 'notes'))
  const [one, other] = [await put('notes/a.txt', 'abcdef'), await put('notes/b.txt', 'ghijkl')]
  for (const path of [one, other, join(folder, 'notes')]) (await opened(path)).close()
  const json = await trainBpe(['ab'], { vocabulary: 257 })
  ;(await opened(one, { tokenizer: tokenizerFromJson(json) })).close()
  expect(await readdir(cache)).toHaveLength(4)
  await forgetTokens(cache, one)
  expect(await readdir(cache)).toHaveLength(2)
  await forgetTokens(cache, other)
  expect(await readdir(cache)).toHaveLength(1)
})

describe('openText', () => {
  test('a file: its last part is held back', async () => {
    const path = await put('a.txt', '0123456789'.repeat(10))
    // A line break ends a document where the tokenizer has no id for it.
    expect(await textOf(path)).toEqual(['0123456789'.repeat(9), '0123456789\n'])
  })

  test('a folder and a pattern: files in order, split by document', async () => {
    await mkdir(join(folder, 'notes', 'b'), { recursive: true })
    for (let i = 0; i < 20; i++)
      await put(`notes/${i % 2 ? 'b/' : ''}${i}.${i % 3 ? 'md' : 'txt'}`, `file ${i}`)
    await put('notes/ignored.bin', 'x')
    const [training, validation] = await textOf(join(folder, 'notes'))
    expect(validation!.split('\n').length).toBe(3)
    const lines = `${training}${validation}`.trim().split('\n')
    expect(lines.length).toBe(20)
    expect(new Set(lines)).toEqual(new Set(Array.from({ length: 20 }, (_, i) => `file ${i}`)))
    expect(await textOf(join(folder, 'notes'), { seed: 1 })).not.toEqual([training, validation])
    const matched = await textOf(join(folder, 'notes', '**', '*.md'))
    expect(matched.join('').trim().split('\n').length).toBe(13)
  })

  test('text beside runs: what they write, and what is hidden, is none of it', async () => {
    const at = join(folder, 'beside')
    for (const name of ['runs/one/weights', 'runs/.cache/text', 'deep/er'])
      await mkdir(join(at, name), { recursive: true })
    for (const name of [
      'a.txt',
      'deep/er/b.md',
      'runs/c.txt',
      'runs/.cache/text/no.txt',
      'runs/one/run.json',
      'runs/one/metrics.jsonl',
      'runs/one/weights/no.txt',
    ])
      await writeFile(join(at, name), 'text')
    const expected = ['a.txt', join('deep', 'er', 'b.md'), join('runs', 'c.txt')].map((name) =>
      join(at, name),
    )
    const paths = async (source: string) => (await sourceFiles(source)).map(({ path }) => resolve(path))
    expect(await paths(at)).toEqual(expected)
    expect(await paths(`${at}/**/*.{txt,md,jsonl}`)).toEqual(expected)
    expect(await paths(join(at, 'runs', 'one', 'metrics.jsonl'))).toHaveLength(1)
    await expect(sourceFiles(join(at, 'runs', 'one'))).rejects.toThrow(/found none of them outside of runs/)
  })

  test('lines of .jsonl, a field of them, and standard input', async () => {
    const path = await put(
      'a.jsonl',
      ['{"text":"one","body":"1"}', '', '{"text":"two","body":"2"}'].join('\n'),
    )
    expect((await textOf(path)).toSorted()).toEqual(['one\n', 'two\n'])
    expect((await textOf('', { sources: [{ path, field: 'body' }] })).toSorted()).toEqual(['1\n', '2\n'])
    async function* input(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('from a pi')
      yield Buffer.from('pe')
      await Promise.resolve()
    }
    expect((await textOf('-', { input: input() })).join('')).toBe('from a pipe\n')
  })

  test('conversations: what the assistant wrote counts', async () => {
    const json = await trainBpe(['user hello there'], { vocabulary: 300, special: ['<e>'] })
    const chat_template = '{% for m in messages %}{{ m.role }} {{ m.content }}<e>{% endfor %}'
    const tokenizer = tokenizerFromJson(json, { eos_token: '<e>', chat_template })
    const line = JSON.stringify({
      messages: [
        { role: 'user', content: 'hello' },
        { role: 'assistant', content: 'there' },
      ],
    })
    const path = await put('chat.jsonl', `${line}\n${line}\n`)
    const text = await opened(path, { tokenizer })
    const { y } = packedBatches({
      documents: text.sources[0]!.training.documents,
      batch: 1,
      context: 64,
      seed: 1,
    })(0)
    expect(new Set(tokenizer.decode(y!.data.filter((id) => id >= 0)).split('<e>'))).toEqual(
      new Set(['assistant there', '']),
    )
    const [{ training, documents, conversations }] = text.sources as [OpenSource]
    expect([documents, conversations]).toEqual([2, 2])
    const { read, counts, length } = training.counted
    const learnt = read(1, length).filter((_, i) => counts!(1, length)[i] === 1)
    expect(tokenizer.decode(learnt)).toBe('assistant there<e>')
    expect(training.tokens.counts).toBeUndefined()
    text.close()
    await expect(opened(path)).rejects.toThrow(
      /chat.jsonl: line 1: field 'messages': expected a tokenizer with a chat template, .* found one without; take /,
    )
  })

  test('batches of several sources, the same again from what is kept', async () => {
    const sources = [
      { path: await put('a.txt', 'a'.repeat(500)), weight: 1 },
      { path: await put('b.txt', 'b'.repeat(500)), weight: 3 },
    ]
    const told: number[] = []
    const open = () => opened('', { sources, onProgress: ({ bytes: done }) => told.push(done) })
    const [first, second] = [await open(), await open()]
    const draw = (text: typeof first) =>
      tokenBatches({ tokens: text.training, batch: 8, context: 16, seed: 2 })(4)
    expect(draw(second)).toEqual(draw(first))
    expect(new Set(draw(first)['x']!.data)).toEqual(new Set(bytes.encode('ab')))
    // Only the first read anything.
    expect(told).toEqual([500, 1000])
    first.close()
    second.close()
    await utimes(sources[0]!.path, 1, 1)
    ;(await open()).close()
    expect(told).toEqual([500, 1000, 500])
  })

  test('two at once make one; what is interrupted is not kept', async () => {
    const path = await put('a.txt', 'text '.repeat(1000))
    const cache = join(folder, 'cache')
    const stop = new AbortController()
    const stopped = opened(path, { signal: stop.signal, onProgress: () => stop.abort() })
    await expect(stopped).rejects.toThrow(/abort/)
    expect(await readdir(cache)).toEqual([])
    const both = await Promise.all([opened(path), opened(path)])
    both.forEach((text) => text.close())
    expect((await readdir(cache)).length).toBe(1)
  })

  test('a large file is cut where tokens end, and at no character', async () => {
    const text = 'The people of the United States — “naïve” 🙂, 1789.\n\n'.repeat(5000)
    const tokenizer = tokenizerFromJson(await trainBpe([text.slice(0, 2000)], { vocabulary: 400 }))
    expect(text.length).toBeGreaterThan(2 ** 18)
    const file = await opened(await put('a.txt', text), { tokenizer })
    const parts = [file.sources[0]!.training.tokens, file.sources[0]!.validation.tokens]
    const ids = parts.flatMap((part) => Array.from(part.read(0, part.length)))
    expect(Buffer.from(Int32Array.from(ids).buffer).equals(Buffer.from(tokenizer.encode(text).buffer))).toBe(
      true,
    )
    file.close()
  })

  test('a byte-order mark is no text', async () => {
    expect((await textOf(await put('a.txt', '\uFEFFabc'))).join('')).toBe('abc\n')
  })
})

describe('refused by name', () => {
  test.each<readonly [string, string | Uint8Array, RegExp]>([
    ['empty.txt', '', /empty.txt: expected text, found none; give more text/],
    ['zero.txt', 'abc\0def', /zero.txt: expected text, found binary data: a NUL byte at byte 3/],
    [
      'utf16.txt',
      Buffer.from('\uFEFFabc', 'utf16le'),
      /utf16.txt: expected text in UTF-8, found UTF-16: store it as UTF-8/,
    ],
    [
      'latin.txt',
      Buffer.from('caf\u00e9 noir', 'latin1'),
      /latin.txt: expected text in UTF-8, found other bytes at byte 3/,
    ],
    [
      'late.txt',
      Buffer.concat([Buffer.from('é'.repeat(2 ** 18)), Buffer.of(0xff)]),
      /found other bytes at byte 524288,/,
    ],
    ['short.txt', Buffer.of(97, 0xe2, 0x82), /short.txt: .*a character without its end at byte 3/],
    [
      'a.jsonl',
      '{"text":"a"}\n\n{"body":"b"}',
      /a.jsonl: line 3: field 'text': expected text, found nothing/,
    ],
    ['b.jsonl', '{"text":7}', /b.jsonl: line 1: field 'text': expected text, found 7/],
    ['c.jsonl', '{"text":', /c.jsonl: line 1: expected JSON: /],
    ['d.jsonl', '[1]', /d.jsonl: line 1: expected an object, found \[1\]/],
  ])('%s', async (name, content, message) => {
    await expect(opened(await put(name, content))).rejects.toThrow(message)
  })

  test('sources that are not there', async () => {
    await expect(opened(join(folder, 'none.txt'))).rejects.toThrow(
      /none.txt: expected a file or a folder, found nothing there/,
    )
    await expect(opened(join(folder, '*.txt'))).rejects.toThrow(
      /\*.txt: expected a pattern that matches files outside of runs, found none/,
    )
    await mkdir(join(folder, 'bare'))
    await expect(opened(join(folder, 'bare'))).rejects.toThrow(
      /bare: expected a folder with files .txt, .md, .jsonl, found none/,
    )
    const some = [{ path: await put('a.txt', 'ab'), weight: 2 }, { path: await put('b.txt', 'ab') }]
    await expect(opened('', { sources: some })).rejects.toThrow(
      /weight: expected one for every source or for none, found 2 for .*a.txt and none for .*b.txt; give each/,
    )
    await expect(opened('', { sources: [] })).rejects.toThrow(/sources: expected at least one, found none/)
    const { identity: _, ...nameless } = bytes
    await expect(opened(await put('a.txt', 'abc'), { tokenizer: nameless })).rejects.toThrow(
      /tokenizer 'byte': expected an identity/,
    )
    await expect(opened(await put('a.txt', 'abc'), { validation: 1 })).rejects.toThrow(
      /validation: expected a number between 0 and 1/,
    )
  })
})
