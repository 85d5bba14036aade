// Text that is none, or too little: told in one line, before anything is made of it.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { recordedCli, type CliOutcome } from '@lotion/cli/internal'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { linesOfJson } from '../language/lines-of-json.js'
import { standardInput, untilStopped } from '../language/standard-input.js'

const here = process.cwd()
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-bad-'))
  process.chdir(folder)
})
afterEach(async () => {
  process.chdir(here)
  await rm(folder, { recursive: true, force: true })
})

const dryRun = '--model nano --eval-tokens 64 --steps 2 --batch 2 --context 16 --casts 1 --dry-run --json'
const words = 'A line that says the same again, and then again.\n'
const rows = Array.from({ length: 30 }, (_, i) => (i === 16 ? { id: i, title: 'x' } : { id: i, body: words }))

/** A file, or a folder with one, and what is said of it. */
const bad: Readonly<Record<string, readonly [file: string, content: string | Buffer, message: RegExp]>> = {
  'no text': ['a.txt', '', /a\.txt: expected text, found none; give more text/],
  'one token of text': ['a.txt', '\n', /a\.txt: expected text, found one token of it; give more text/],
  'less than a sequence': [
    'a.txt',
    'A few words.',
    /a\.txt: expected more than 128 tokens to train on \(--context\), found \d+; give more text or a shorter context/,
  ],
  'binary data': [
    'a.txt',
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 1]),
    /a\.txt: expected text, found binary data: a NUL byte at byte 8; leave it out, or name the files that are text/,
  ],
  'UTF-16 with its mark': [
    'a.txt',
    Buffer.from(`\uFEFF${words}`, 'utf16le'),
    /a\.txt: expected text in UTF-8, found UTF-16: store it as UTF-8/,
  ],
  'UTF-16 without a mark': [
    'a.txt',
    Buffer.from(words, 'utf16le'),
    /a\.txt: expected text, found UTF-16: a NUL byte at byte 1; store it as UTF-8/,
  ],
  'Latin-1': [
    'a.txt',
    Buffer.from(`caf\xe9 ${words}`, 'latin1'),
    /a\.txt: expected text in UTF-8, found other bytes at byte 3, as in Latin-1: store it as UTF-8/,
  ],
  'a field that is missing in line 17': [
    'a.jsonl:field=body',
    rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    /a\.jsonl: line 17: field 'body': expected text, found nothing; its fields are id, title/,
  ],
  'a line that is no JSON': [
    'a.jsonl',
    `${JSON.stringify({ text: words })}\n{"text": \n`,
    /a\.jsonl: line 2: expected JSON: /,
  ],
  'a folder without text': [
    'pictures/a.png',
    'x',
    /pictures: expected a folder with files \.txt, \.md, \.jsonl, found none of them outside of runs and hidden folders; name a file, or a pattern/,
  ],
}

/** One line and where to read more, the status of a bad call, and nothing new in the folder. */
async function expectRefused({ status, stdout, stderr }: CliOutcome, message: RegExp): Promise<void> {
  expect({ status, stdout, stderr }).toMatchObject({ status: 2, stdout: '' })
  expect(stderr).toMatch(message)
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^error: /),
    // A process of its own tells how npm would start it.
    expect.stringMatching(/^see: .*\btrain --help$/),
  ])
  expect(await readdir('.')).not.toContain('runs')
  expect(await readdir('.')).not.toContain('mine')
}

test.each(Object.keys(bad))('refuses %s before a run begins, and in a dry run', async (name) => {
  const [source, content, message] = bad[name]!
  const [file = ''] = source.split(':')
  const data = file.includes('/') ? 'pictures' : source
  if (data === 'pictures') await mkdir('pictures')
  await writeFile(file, content)
  const line = ['train', '--data', data]
  await expectRefused(await recordedCli(line), message)
  await expectRefused(await recordedCli([...line, '--out', 'mine']), message)
  await expectRefused(await recordedCli([...line, '--dry-run']), message)
})

const loader = 'tsx'

const model = new URL('../../../language/test/fixtures/tiny-llama.gguf', import.meta.url)

/** The command as a process. */
function started(args: readonly string[]): ChildProcessWithoutNullStreams {
  const main = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))
  // The process begins in a folder of its own, from where tsx would not be found.
  const tsx = import.meta.resolve(loader)
  return spawn(process.execPath, ['--import', tsx, '--conditions=@lotion/source', main, ...args])
}

/** What it says until it ends. */
function endOf(child: ChildProcessWithoutNullStreams): Promise<CliOutcome> {
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (piece: Buffer) => (texts[name] += piece.toString()))
  return new Promise((resolve) => child.on('close', (code) => resolve({ status: code ?? -1, ...texts })))
}

/** A process with something in its pipe. */
function pipedProcess(input: string | Buffer, args: readonly string[]): Promise<CliOutcome> {
  const child = started(args)
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  return endOf(child)
}

/** The same in this process, whose standard input is another stream for as long: no seconds to start in. */
async function piped(input: string | Buffer, args: readonly string[]): Promise<CliOutcome> {
  const own = Object.getOwnPropertyDescriptor(process, 'stdin')!
  const stream = Readable.from([Buffer.from(input)])
  Object.defineProperty(process, 'stdin', { ...own, get: () => stream })
  try {
    return await recordedCli(args)
  } finally {
    Object.defineProperty(process, 'stdin', own)
  }
}

test.each([
  [
    'an empty pipe',
    '',
    /data: expected text on standard input, found none; does the command before the pipe/,
  ],
  [
    'a pipe of binary data',
    Buffer.of(65, 0, 1, 2),
    /standard input: expected text, found binary data: a NUL byte at byte 1/,
  ],
  ['a pipe with a line', 'one line\n', /expected more than 128 tokens to train on \(--context\), found \d;/],
])('refuses %s, and keeps nothing of it', async (_, input, message) => {
  await expectRefused(await piped(input, ['train', '--data', '-', '--out', 'mine']), message)
})

test('a process of its own refuses an empty pipe too', async () => {
  const outcome = await pipedProcess('', ['train', '--data', '-', '--out', 'mine'])
  await expectRefused(outcome, /data: expected text on standard input, found none/)
})

test('a pipe of lines of JSON is read by its field', async () => {
  const lines = rows.filter((row) => 'body' in row).map((row) => `${JSON.stringify(row)}\n`)
  const args = ['--data', '-:field=body', ...dryRun.split(' ')]
  const { status, stdout, stderr } = await piped(lines.join(''), ['train', ...args])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect(JSON.parse(stdout)).toMatchObject({ data: { documents: 29 } })
  // A dry run has read all of it, and keeps neither it nor its tokens.
  expect(await readdir('.')).toEqual([])
})

test.each([
  ['conversations', ['{"text":"One."}', '{"text":"Two."}', '{"other":1}'], true],
  ['messages, with a line between', ['{"messages":[]}', '', '{"messages":[{}]}'], true],
  ['a single line', ['{"text":"One."}'], true],
  ['a pipe of prose', ['{"text":"One."} said he.', '{"text":"Two."}'], false],
  ['an object in two lines', ['{', '"text":"One."}'], false],
  ['one such line before others', ['{"text":"One."}', 'Two.'], false],
  ['objects without text', ['{"level":1}', '{"level":2}'], false],
  ['nothing', [], false],
] as const)(
  '%s: lines of JSON are told from what stands in them, in pieces of any size',
  (_, lines, expected) => {
    for (const size of [1, 5, 1000])
      for (const end of ['', '\n']) {
        const bytes = Buffer.from(`\uFEFF${lines.join('\r\n')}${end}`)
        const look = linesOfJson()
        for (let at = 0; at < bytes.length; at += size) look.take(bytes.subarray(at, at + size))
        expect(look.found()).toBe(expected)
      }
  },
)

test.each(['train', 'run text'])(
  'a pipe of lines of JSON is no prose: %s reads their text',
  async (command) => {
    const args = ['--data', '-', ...dryRun.split(' ')]
    const lines = `${JSON.stringify({ text: words })}\n`.repeat(30)
    const { status, stdout, stderr } = await piped(lines, [...command.split(' '), ...args])
    expect({ status, stderr }).toMatchObject({ status: 0 })
    expect(JSON.parse(stdout)).toMatchObject({ data: { documents: 30 } })
    expect(await readdir('.')).toEqual([])
  },
)

test('a field is refused where no source has lines with fields', async () => {
  await writeFile('a.txt', words.repeat(30))
  await expectRefused(
    await recordedCli('train --data a.txt --field body --out mine'.split(' ')),
    /field: expected --data with \.jsonl, whose lines have fields, found none in a\.txt; leave it out/,
  )
  await writeFile('b.jsonl', `${JSON.stringify({ body: words })}\n`.repeat(30))
  await expectRefused(
    await recordedCli('train --data a.txt:field=body,b.jsonl:field=body --out mine'.split(' ')),
    /data: a\.txt: field body: expected \.jsonl, whose lines have fields, found none; leave it out/,
  )
})

test('a pipe is not kept for a run that is refused after it was read', async () => {
  await mkdir('taken')
  await writeFile(join('taken', 'mine.txt'), 'x')
  const small =
    '--model nano --eval-tokens 64 --methods ptq --steps 1 --casts 1 --batch 2 --context 16 --threads 1'
  const args = ['train', '--data', '-', ...small.split(' '), '--out', 'taken']
  const { status, stderr } = await piped(words.repeat(30), args)
  expect(status).toBe(1)
  expect(stderr).toMatch(/taken: expected a new or an empty folder for a run, found mine\.txt in it/)
  expect(await readdir('.')).toEqual(['taken'])
  // What a run keeps already stays, though another one of the same text does not begin.
  const begun = await piped(words.repeat(30), [...args.slice(0, -1), 'mine'])
  expect(begun).toMatchObject({ status: 0 })
  const kept = await readdir(join('runs', '.cache'), { recursive: true })
  expect(kept.length).toBeGreaterThan(4)
  expect(await piped(words.repeat(30), args)).toMatchObject({ status: 1 })
  expect((await readdir(join('runs', '.cache'), { recursive: true })).sort()).toEqual(kept.sort())
}, 180_000)

test.each(['train --data - --out mine', 'eval model.gguf --data -'])(
  'Ctrl-C ends %s while it waits for standard input, and leaves nothing',
  async (line) => {
    await writeFile('model.gguf', await readFile(model))
    const child = started(line.split(' '))
    child.stdin.write('one line\n')
    // Both make a folder for what comes before they wait for it.
    const made = (): Promise<readonly string[]> =>
      readdir(join('runs', '.cache'), { recursive: true }).catch((): string[] => [])
    while ((await made()).length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill('SIGINT')
    expect(await endOf(child)).toMatchObject({
      status: 130,
      stderr: expect.stringContaining('stopped; nothing was left half-written') as string,
    })
    expect(await readdir('.')).toEqual(['model.gguf'])
  },
)

test('a pipe that a model is judged by is not kept', async () => {
  await writeFile('model.gguf', await readFile(model))
  const { status, stdout } = await pipedProcess(words, ['eval', 'model.gguf', '--data', '-', '--json'])
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ context: 64 })
  expect(await readdir('.')).toEqual(['model.gguf'])
})

test('a pipe of lines of JSON is judged as a file of them is, and named as what it is', async () => {
  await writeFile('model.gguf', await readFile(model))
  const row = (text: string): string => `${JSON.stringify({ text })}\n`
  const lines = row(words) + row(`${words} again`)
  await writeFile('lines.jsonl', lines)
  const judged = async (...args: readonly string[]): Promise<unknown> => {
    const { status, stdout } = await piped(lines, ['eval', 'model.gguf', '--json', '--data', ...args])
    expect(status).toBe(0)
    return JSON.parse(stdout)
  }
  const { data: _, ...file } = (await judged('lines.jsonl')) as Record<string, unknown>
  const ofFile = await readdir('.', { recursive: true })
  expect(await judged('-')).toMatchObject(file)
  expect(await judged('-:field=text')).toMatchObject(file)
  const other = await piped(lines, ['eval', 'model.gguf', '--data', '-:field=body'])
  expect(other).toMatchObject({ status: expect.any(Number) as number, stdout: '' })
  expect(other.stderr).toMatch(/standard input: line 1: field 'body': expected text, found nothing/)
  expect(await readdir('.', { recursive: true })).toEqual(ofFile)
})

test('what waits for input ends with its signal, whether or not anything comes', async () => {
  const reason = new Error('stopped')
  const stop = new AbortController()
  const input = new PassThrough()
  const text = standardInput(untilStopped(input, stop.signal))
  input.write('The rain')
  await new Promise((resolve) => setImmediate(resolve))
  stop.abort(reason)
  await expect(text).rejects.toBe(reason)
  await expect(standardInput(untilStopped(new PassThrough(), stop.signal))).rejects.toBe(reason)
  const whole = new PassThrough()
  whole.end('The rain\n')
  expect(await standardInput(untilStopped(whole, new AbortController().signal))).toBe('The rain')
})
