// From a run to the file of another runtime, as it is typed: written once, compared, run.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { builtInTargets } from '@lotion/export'
import { afterAll, beforeAll, expect, test } from 'vitest'

const here = process.cwd()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-export-'))
  process.chdir(folder)
  await writeFile(
    'rhyme.txt',
    'The rain in spring falls on the plain, and what has fallen falls again. '.repeat(40),
  )
  const train = 'train --data rhyme.txt --model nano --steps 3 --batch 2 --context 16 --casts 1 --threads 1'
  for (const words of ['--format q4_0 --out mine', '--format int4 --out other']) {
    const { status, stderr } = await line(`${train} ${words}`)
    if (status !== 0) throw new Error(stderr)
  }
})
afterAll(async () => {
  process.chdir(here)
  await rm(folder, { recursive: true, force: true })
})

const line = (text: string) => recordedCli(text.split(' '))

test('a run becomes a GGUF file of the same weights; nothing is overwritten', async () => {
  const { status, stdout } = await line('export mine --to gguf')
  expect(status).toBe(0)
  expect(stdout).toMatch(
    /^mine\.gguf · [\d.]+ KiB · \d+ × Q4_0, \d+ × F32\n\nwhat to do next\n {2}\S.* inspect mine\.gguf --against mine +counts .*\n {2}\S.* generate mine\.gguf --engine llama\.cpp +runs it\n$/,
  )
  const same = await line('inspect mine.gguf --against mine')
  expect(same).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^0 of \d{3},\d{3} weights differ from mine \(\d+ tensors\)\n$/) as string,
  })
  const records = (await line('inspect mine.gguf --against mine --json')).stdout.trimEnd().split('\n')
  expect(JSON.parse(records[0]!)).toEqual({
    parameter: 'transformer.wte.weight',
    weights: expect.any(Number) as number,
    differing: 0,
    first: null,
  })

  expect(await line('export mine --to gguf')).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^error: mine\.gguf: expected nothing there yet, found a file; name another place: --out <path>\n/,
    ) as string,
  })
  expect(await line('export mine --to gguf --out mine')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^error: mine: expected nothing there yet, found a folder; /) as string,
  })

  // Another byte, another weight.
  const bytes = await readFile('mine.gguf')
  bytes[bytes.length - 40]! ^= 1
  await writeFile('flipped.gguf', bytes)
  const flipped = await line('inspect flipped.gguf --against mine')
  expect(flipped).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(
      /^\S+: 1 of [\d,]+ differ, the first at \d+: \S+ instead of \S+\n$/,
    ) as string,
  })
  expect(flipped.stderr).toMatch(/^error: flipped\.gguf: 1 of [\d,]+ weights differ from mine\n/)
  expect((await line('generate mine.gguf --length 5')).status).toBe(0)
})

test('what a target cannot hold is refused, with another format or as numbers it is written', async () => {
  const refused = await line('export other --to gguf --out other.gguf')
  expect(refused).toMatchObject({ status: 1, stdout: '' })
  expect(refused.stderr).toMatch(
    /expected a format that GGUF holds: .*, found int4, block 32, whose scales \(f32\) would be rounded; /,
  )
  expect(await readdir('.')).not.toContain('other.gguf')
  expect((await line('export other --to gguf --unpacked --out other.gguf')).stdout).toMatch(
    /^other\.gguf · .* · \d+ × F32\n/,
  )
  expect((await line('inspect other.gguf --against other')).status).toBe(0)
  const cast = await line('export other --to gguf --format q8_0 --out q8.gguf --json')
  expect(JSON.parse(cast.stdout)).toMatchObject({
    file: 'q8.gguf',
    contents: expect.stringMatching(/^\d+ × Q8_0, /) as string,
  })
  expect((await line('inspect q8.gguf --against other')).status).toBe(1)
})

test.each([
  [
    'export mine',
    /^error: to: expected one of .*gguf.*, found none; name what the files are for: --to <target>\n/,
  ],
  ['export mine --to onix', /^error: to: expected one of .*gguf, .*found 'onix'/],
  [
    'export mine --to tfjs',
    /^error: to: expected a target of language models \(.*gguf.*\), found 'tfjs', which holds models of tfjs layers; /,
  ],
  ['export mine --to gguf --block 32', /^error: block: expected --format with it, found none; /],
  ['export nowhere --to gguf', /^error: nowhere: expected a run, /],
  [
    'inspect mine.gguf --against mine --format q4_0',
    /^error: against: expected no --format with it, found one; /,
  ],
  [
    'eval mine --engine llama.cpp --data rhyme.txt',
    /^error: mine: expected a \.gguf file, which is what llama\.cpp reads, found another; lotion export mine --to gguf makes one\n/,
  ],
  [
    'eval mine.gguf --engine llama.cpp --format q4_0',
    /^error: engine: expected no --format and no --reference with llama\.cpp/,
  ],
  [
    'generate mine.gguf --engine llama.cpp --tokenizer bytes',
    /^error: tokenizer: expected none with --engine llama\.cpp/,
  ],
  ['chat mine.gguf --engine torch', /^error: engine: expected one of lotion, llama\.cpp, found 'torch'/],
])('refuses %s in one line', async (words, message) => {
  const { status, stdout, stderr } = await line(words)
  expect({ failed: status !== 0, stdout }).toEqual({ failed: true, stdout: '' })
  expect(stderr).toMatch(message)
})

test('help lists the targets', async () => {
  const { stdout } = await line('export --help')
  for (const { name } of builtInTargets) expect(stdout).toContain(name)
})
