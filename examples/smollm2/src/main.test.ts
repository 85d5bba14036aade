// The comparison on a model of a few thousand weights: every cell is there, and a second call trains nothing.
// Comes in: nothing. Goes out: status 0, or the assertion that failed. Skipped where node-llama-cpp is not.

import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { takes } from './cells.js'
import { compare } from './compare.js'
import { tablesOf, withTables } from './table.js'

const model = fileURLToPath(
  new URL('../../../packages/language/test/fixtures/tiny-llama.gguf', import.meta.url),
)
const folder = mkdtempSync(join(tmpdir(), 'lotion-smollm2-'))
try {
  createRequire(import.meta.resolve('@lotion/language')).resolve('node-llama-cpp')
} catch {
  console.log('SKIPPED: node-llama-cpp is not installed here, which is the judge')
  process.exit(0)
}

const sentence = 'The rain in spring falls on the plain, and what has fallen falls again. '
try {
  process.chdir(folder)
  const [train, choose, test] = ['train', 'choose', 'test'].map((name) => join(folder, `${name}.txt`)) as [
    string,
    string,
    string,
  ]
  writeFileSync(train, sentence.repeat(60))
  writeFileSync(choose, `Now ${sentence.toUpperCase()}`.repeat(4))
  writeFileSync(test, sentence.toUpperCase().repeat(4))
  const compared = {
    model,
    texts: [{ name: 'rain', train, choose, test }],
    formats: ['q4_0'],
    methods: ['PTQ', 'LSQ@0.8'] as const,
    rates: [1e-4, 1e-2],
    seeds: [0],
    steps: 6,
    batch: 2,
    context: 32,
    judged: 64,
    folder: join(folder, 'runs'),
  }
  const rows = await compare(compared, () => undefined)
  assert.deepEqual(
    rows.map(({ format, method, rounding }) => `${format} ${method} ${rounding}`),
    [
      "q8_0 no training llama.cpp's rule",
      'q4_0 no training that of training',
      "q4_0 no training llama.cpp's rule",
      'q4_0 no training MSE clip, in an F32 file',
      'q4_0 PTQ that of training',
      "q4_0 PTQ llama.cpp's rule",
      'q4_0 PTQ MSE clip, in an F32 file',
      'q4_0 LSQ@0.8 that of training',
    ],
  )
  for (const { method, tried, seeds } of rows) {
    assert.equal(seeds.length, 1)
    for (const { full, cast } of seeds) {
      const losses = [full!.choose, full!.test, cast!.choose, cast!.test]
      assert.ok(losses.every((loss) => loss > 0 && loss < 20))
      assert.equal(new Set(losses).size, losses.length)
    }
    // The text to choose by chooses.
    if (method !== 'no training')
      assert.equal(seeds[0]!.cast!.choose, Math.min(...tried.map(({ cast }) => cast!.choose)))
  }
  // Weights are large: of a run that is judged those of PTQ are left, for other formats.
  const left = readdirSync(compared.folder, { recursive: true, encoding: 'utf8' })
  const weights = left.filter((name) => name.endsWith('.safetensors'))
  assert.equal(weights.length, compared.rates.length)
  for (const name of weights) assert.match(name, /ptq-seed0-[0-9a-f]+\.safetensors$/)
  // One run of PTQ and LSQ@0.8 a rate.
  const runs = readdirSync(compared.folder).filter((name) =>
    existsSync(join(compared.folder, name, 'run.json')),
  )
  assert.equal(runs.length, compared.rates.length)
  const table = tablesOf(rows)
  assert.equal(table.split('\n').length, 2 + rows.length + 1 + 2 + 4 + 1)
  const last = rows.at(-1)!
  const twice = { ...last, seeds: [last.seeds[0]!, { ...last.seeds[0]!, cast: { choose: 1, test: 2 } }] }
  const absent = { ...last, rounding: "llama.cpp's rule", seeds: [{ full: last.seeds[0]!.full! }] }
  assert.match(tablesOf([twice, absent]), /\*\*\d\.\d{4}\*\* \| \d\.\d{4}, 2\.0000 \|\n.*no such file/)
  const page = '# Page\n\n<!-- tables of examples/smollm2 -->\nold\n<!-- end of the tables -->\n\nend\n'
  assert.equal(withTables(page, rows), page.replace('old', `\n${table}`))
  assert.throws(() => withTables('# Page\n', rows), /expected the lines/)
  const made = (): readonly string[] =>
    readdirSync(compared.folder).map((name) => `${name} ${statSync(join(compared.folder, name)).mtimeMs}`)
  const before = made()
  assert.equal(tablesOf(await compare(compared, () => undefined)), table)
  assert.deepEqual(made(), before)
  // A method and a format that are added are trained; LSQ has no clip to learn where the format clips.
  const added = { formats: ['q4_0', 'q4_0-full'], methods: ['QAT'] as const, rates: [1e-4] }
  const more = await compare({ ...compared, ...added }, () => undefined)
  const [shared, other] = [more[4]!, more.at(-1)!]
  assert.deepEqual(
    [shared.format, shared.method, other.format, other.method],
    ['q4_0', 'QAT', 'q4_0-full', 'QAT'],
  )
  for (const { seeds } of [shared, other]) assert.ok(seeds[0]!.cast!.test < 20)
  assert.deepEqual(
    ['q4_0', 'q4_0-full', 'mxfp4'].map((format) => takes('LSQ@0.8', format)),
    [true, false, true],
  )
  await assert.rejects(
    compare({ ...compared, judged: 32 }, () => undefined),
    /found such of others/,
  )
  console.log(table)
} finally {
  process.chdir(tmpdir())
  rmSync(folder, { recursive: true, force: true })
}
