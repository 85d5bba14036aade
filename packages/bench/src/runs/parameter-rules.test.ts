// Formats by name and frozen parameters: what lies on which grid afterwards, and what stays as it began.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSafetensors, toFloat32 } from '@lotion/checkpoints'
import { recordedCli } from '@lotion/cli/internal'
import { presetModel } from '@lotion/models'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ComparisonRecord, RunRecord } from '../records.js'

const here = process.cwd()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-rules-'))
  process.chdir(folder)
  await mkdir('my')
  await writeFile(
    'rhyme.txt',
    'The rain in spring falls on the plain, and what has fallen falls again.\n\n'.repeat(40),
  )
})
afterAll(async () => {
  process.chdir(here)
  await rm(folder, { recursive: true, force: true })
})

const small =
  'train --data rhyme.txt --model nano --steps 4 --batch 4 --context 16 --casts 1 --format q4_0 --methods lotion'
const cli = (line: string, ...more: readonly string[]) => recordedCli([...line.split(' '), ...more])
const linesOf = async (run: string): Promise<readonly unknown[]> =>
  (await readFile(join(run, 'metrics.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
const trainedOf = async (run: string) => {
  const [file] = (await readdir(join(run, 'weights'))).filter((name) => !name.includes('.cast.'))
  return readSafetensors(join(run, 'weights', file!))
}

test('every file and record says the grid of each tensor; the cast lies on it', async () => {
  const rules = 'wte: q8_0, mlp.c_fc: f32, h.1: int8'
  const { status, stderr } = await cli(`${small} --out ruled --formats`, rules)
  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect(stderr).toContain('q8_0 by rule: transformer.wte.weight')
  const { tensors, metadata } = await readSafetensors(join('ruled', 'model.safetensors'))
  const grids = JSON.parse(metadata['lotion.grid']!) as Readonly<Record<string, { readonly format: string }>>
  const formatOf = (name: string): string | undefined =>
    Object.entries(grids).find(([key]) => key.includes(name))?.[1].format
  expect(formatOf('wte.weight')).toBe('q8_0')
  expect(formatOf('h.0.attn.c_attn')).toBe('q4_0')
  expect(formatOf('h.1.attn.c_attn')).toBe('int8')
  // The first rule that fits counts.
  expect(formatOf('h.1.mlp.c_fc')).toBeUndefined()
  expect(formatOf('h.0.mlp.c_fc')).toBeUndefined()
  // A block of q8_0 has 32 weights: whole numbers up to 127 times its scale.
  const embedding = toFloat32(tensors['transformer.wte.weight']!).subarray(0, 32)
  const scale = Math.max(...embedding.map(Math.abs)) / 127
  for (const w of embedding) expect(Math.abs(w / scale - Math.round(w / scale))).toBeLessThan(0.1)
  const [run, ...rest] = (await linesOf('ruled')) as readonly [RunRecord, ...unknown[]]
  const quantization = run.config['quantization'] as readonly {
    readonly parameter: string
    readonly format: string | null
    readonly reason: string | null
  }[]
  const recorded = (name: string) => quantization.find(({ parameter }) => parameter.includes(name))
  expect(recorded('wte.weight')).toMatchObject({ format: 'q8_0', bitsPerWeight: 8.5 })
  expect(recorded('h.0.mlp.c_fc')).toMatchObject({ format: null, reason: 'a rule' })
  expect(new Set(quantization.map(({ parameter }) => parameter)).size).toBe(quantization.length)
  const comparison = rest.at(-1) as ComparisonRecord
  expect(comparison.bitsPerWeight).toMatchObject({ 'transformer.wte.weight': 8.5 })
  expect(comparison.config).toMatchObject({ formats: [{ pattern: 'wte', format: 'q8_0' }, {}, {}] })
})

test('what is frozen keeps its bits, and only that; a run with the rest alone is the same run', async () => {
  expect(await cli(`${small} --out frozen --freeze wte,h.0`)).toMatchObject({ status: 0 })
  const { tensors } = await trainedOf('frozen')
  const start = presetModel('nano', { vocabulary: 256, context: 16 }).init(0)
  const same = Object.keys(tensors).filter((name) =>
    Buffer.from(start[name]!.buffer, start[name]!.byteOffset, start[name]!.byteLength).equals(
      Buffer.from(tensors[name]!.bytes),
    ),
  )
  expect(same.sort()).toEqual(
    Object.keys(tensors)
      .filter((name) => /\.(wte|h\.0)\./.test(name))
      .sort(),
  )
  const others = Object.keys(tensors).filter((name) => !same.includes(name))
  expect(await cli(`${small} --out rest --train-only ${others.join(',')}`)).toMatchObject({ status: 0 })
  const rest = (await trainedOf('rest')).tensors
  for (const name of Object.keys(tensors)) expect(rest[name]!.bytes).toEqual(tensors[name]!.bytes)
})

test('a batch in parts is that batch but for roundings', async () => {
  expect(await cli(`${small} --out whole`)).toMatchObject({ status: 0 })
  expect(await cli(`${small} --out parts --accumulate 2`)).toMatchObject({ status: 0 })
  const [whole, parts] = [await trainedOf('whole'), await trainedOf('parts')]
  let [apart, largest] = [0, 0]
  for (const [name, tensor] of Object.entries(whole.tensors)) {
    const other = toFloat32(parts.tensors[name]!)
    for (const [i, w] of toFloat32(tensor).entries()) {
      apart = Math.max(apart, Math.abs(w - other[i]!))
      largest = Math.max(largest, Math.abs(w))
    }
  }
  // Four steps of AdamW move weights by about the learning rate, .01, each; a gradient near 0 may turn.
  expect(apart).toBeLessThan(0.01)
  expect(largest).toBeGreaterThan(0.1)
  const [run] = (await linesOf('parts')) as readonly [RunRecord]
  expect(run.config).toMatchObject({ batch: 4, accumulate: 2 })
})

test('rules from a config, a mapping in its order, are those that are typed', async () => {
  const options = ['model: nano', 'tokenizer: bytes', 'steps: 2', 'batch: 2', 'context: 8', 'casts: 1']
  options.push('methods: [ptq]', 'data: [rhyme.txt]')
  const rules = ['formats:', '  wte: q8_0', '  mlp.c_fc: F32', 'freeze: [wpe, h.0]']
  await writeFile('rules.yaml', [...options, ...rules].join('\n'))
  expect(await cli('train rules.yaml --out configured')).toMatchObject({ status: 0 })
  const { comparison } = JSON.parse(await readFile(join('configured', 'run.json'), 'utf8')) as {
    readonly comparison: unknown
  }
  expect(comparison).toMatchObject({
    formats: [
      { pattern: 'wte', format: 'q8_0' },
      { pattern: 'mlp.c_fc', format: 'f32' },
    ],
    freeze: ['wpe', 'h.0'],
  })
  const printed = (await cli('train rules.yaml --print-config')).stdout
  const list = 'formats:\n  - pattern: wte\n    format: q8_0\n  - pattern: mlp.c_fc\n    format: f32\n'
  expect(printed).toContain(`\n${list}`)
  await writeFile('wrong.yaml', 'formats:\n  wte: 8')
  expect((await cli('train wrong.yaml')).stderr).toMatch(
    /wrong\.yaml: formats: expected patterns of names with a format each, .* found 'wte': 8/,
  )
})

test('a printed config keeps rules as they were typed: their order, and a pattern that stands twice', async () => {
  const words = ['--formats', '1: q8_0, h.*: q4_0, 0: f32, h.*: nvfp4']
  const rules = [
    { pattern: '1', format: 'q8_0' },
    { pattern: 'h.*', format: 'q4_0' },
    { pattern: '0', format: 'f32' },
    { pattern: 'h.*', format: 'nvfp4' },
  ]
  const printed = (await cli('train --data rhyme.txt --print-config', ...words)).stdout
  const found = [...printed.matchAll(/^ {2}- pattern: "?(.*?)"?\n {4}format: (.*)$/gm)]
  expect(found.map(([, pattern, format]) => ({ pattern, format }))).toEqual(rules)
  await writeFile('printed.yaml', printed)
  await writeFile('typed.ts', `export default { data: ['rhyme.txt'], formats: ${JSON.stringify(rules)} }\n`)
  await writeFile(
    'words.json',
    JSON.stringify({ data: ['rhyme.txt'], formats: ['1: q8_0', words[1]!.slice(9)] }),
  )
  for (const file of ['printed.yaml', 'typed.ts', 'words.json'])
    expect((await cli(`train ${file} --print-config`)).stdout).toBe(printed)
  // JavaScript would put 0 and 1 first.
  await writeFile('numbers.yaml', "data: [rhyme.txt]\nformats: {h.*: q4_0, '0': f32}\n")
  expect(await cli('train numbers.yaml --print-config')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining(
      'found the pattern 0 in a mapping, which does not keep the place of a number; write a list',
    ) as string,
  })
  await writeFile('more.yaml', 'formats: [{pattern: wte, fromat: q8_0}]')
  expect((await cli('train more.yaml')).stderr).toMatch(
    /more\.yaml: formats: expected patterns of names .* found \{"pattern":"wte","fromat":"q8_0"\}/,
  )
})

test.each([
  ['--formats', 'wte', /formats: expected patterns of names with a format each, .* found 'wte'/],
  ['--formats', 'wte: q8_1', /formats: 'wte': expected one of .* found 'q8_1'.*; f32 is full precision/],
  ['--formats', 'wta: q8_0', /formats: 'wta' matches no parameter .*transformer\.wte\.weight/],
  ['--freeze', 'wta', /freeze: 'wta' matches no parameter; there are: transformer\.wte/],
  ['--freeze', 'wte,', /freeze: expected patterns of names .* found an empty one/],
  ['--freeze', '*', /freeze: expected some parameters to train, found all/],
  ['--freeze', 'h', /freeze: expected a parameter that is trained and quantized, found none: trained are/],
  ['--train-only', 'wta', /train-only: 'wta' matches no parameter/],
  [
    '--accumulate',
    '3',
    /accumulate: expected parts of one size, a number that divides the 4 sequences of --batch, found 3/,
  ],
])('refuses %s %s, in one line', async (option, value, message) => {
  const { status, stderr } = await cli(`${small} --out refused`, option, value)
  expect(status).toBe(2)
  expect(stderr).toMatch(message)
})

test('both ways to say what is trained at once are refused', async () => {
  const { status, stderr } = await cli(`${small} --out refused --freeze wte --train-only h`)
  expect(status).toBe(2)
  expect(stderr).toMatch(/train-only: expected it or --freeze, found both, h and wte; leave out one/)
})
