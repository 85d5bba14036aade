// The comparison on a model of a few thousand weights: every cell is there, and a second call trains nothing.
// Comes in: nothing. Goes out: status 0, or the assertion that failed. Skipped where node-llama-cpp is not.

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compare } from './compare.js'
import { tableOf } from './table.js'

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
  const [train, test] = ['train.txt', 'test.txt'].map((name) => join(folder, name)) as [string, string]
  writeFileSync(train, sentence.repeat(60))
  writeFileSync(test, sentence.toUpperCase().repeat(4))
  const compared = {
    model,
    texts: [{ name: 'rain', train, test }],
    formats: ['q4_0'],
    methods: ['LOTION'] as const,
    rates: [1e-4, 1e-2],
    seeds: [0, 1],
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
      'q4_0 no training absmax',
      "q4_0 no training llama.cpp's rule",
      'q4_0 no training MSE clip, in an F32 file',
      'q4_0 LOTION absmax',
    ],
  )
  for (const { method, full, cast } of rows) {
    assert.equal(cast.length, method === 'no training' ? 1 : 2)
    assert.ok([...full, ...cast].every((loss) => loss > 0 && loss < 20))
    assert.notDeepEqual(full, cast)
  }
  const table = tableOf(rows)
  assert.equal(table.split('\n').length, rows.length + 3)
  const made = (): readonly string[] =>
    readdirSync(compared.folder).map((name) => `${name} ${statSync(join(compared.folder, name)).mtimeMs}`)
  const before = made()
  assert.equal(tableOf(await compare(compared, () => undefined)), table)
  assert.deepEqual(made(), before)
  await assert.rejects(
    compare({ ...compared, judged: 32 }, () => undefined),
    /found such of others/,
  )
  console.log(table)
} finally {
  process.chdir(tmpdir())
  rmSync(folder, { recursive: true, force: true })
}
