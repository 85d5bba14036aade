// The fixtures made anew by transformers, and the config.json that we write loaded by it. PyTorch is too
// large to install for a test: the Python that LOTION_PYTHON names, or python3, runs this if it has the
// packages of test/fixtures/requirements.txt; without them the test is skipped with a warning.

import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fixtureNames, fixtures, readFixture, readTensors } from '../../test/fixtures.js'
import { configOf, modelFromConfig } from './architectures.js'

const python = process.env['LOTION_PYTHON'] ?? 'python3'
const script = join(fixtures, 'make_fixtures.py')
const requirements = readFileSync(join(fixtures, 'requirements.txt'), 'utf8')

function execute(...args: readonly string[]): { readonly ok: boolean; readonly text: string } {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', HF_HUB_OFFLINE: '1', DO_NOT_TRACK: '1' }
  const { status, stdout, stderr, error } = spawnSync(python, args, {
    encoding: 'utf8',
    timeout: 240_000,
    maxBuffer: 1e8,
    env,
  })
  return { ok: status === 0, text: status === 0 ? stdout : `${error?.message ?? ''} ${stderr}`.trim() }
}

const { ok, text } = execute(
  '-c',
  'import torch, transformers, safetensors, numpy; print(transformers.__version__)',
)
const wanted = /transformers==(\S+)/.exec(requirements)![1]!
const missing = !ok
  ? `${python} does not import torch, transformers, safetensors and numpy: ${text.split('\n').at(-1) ?? ''}`
  : text.trim() === wanted
    ? undefined
    : `${python} has transformers ${text.trim()}, expected ${wanted}`
if (missing !== undefined)
  console.warn(
    `SKIPPED: fixtures against transformers of PyPI. Reason: ${missing}; set LOTION_PYTHON to a python with test/fixtures/requirements.txt of @lotion/models`,
  )

const out = mkdtempSync(join(tmpdir(), 'lotion-transformers-'))
afterAll(() => rmSync(out, { recursive: true, force: true }))

describe.skipIf(missing !== undefined)('transformers of PyPI', () => {
  it('writes every fixture again', () => {
    expect(execute(script, out)).toMatchObject({ ok: true })
    const read = (folder: string, file: string): unknown =>
      JSON.parse(readFileSync(join(folder, file), 'utf8'))
    const keys = `config-keys-${wanted}.json`
    expect(read(out, keys)).toEqual(read(fixtures, keys))
    for (const name of fixtureNames) {
      expect(read(out, `${name}/config.json`)).toEqual(read(fixtures, `${name}/config.json`))
      const weights = (folder: string) => readTensors(join(folder, name, 'model.safetensors'))
      expect(weights(out), name).toEqual(weights(fixtures))
      const [found, expected] = [out, fixtures].map((folder) =>
        readTensors(join(folder, name, 'expected.safetensors')),
      )
      expect(Object.keys(found!)).toEqual(Object.keys(expected!))
      for (const [key, { data }] of Object.entries(expected!)) {
        // Other processors add in another order.
        const scale = Math.max(...data.map(Math.abs))
        const far = found![key]!.data.findIndex((value, i) => Math.abs(value - data[i]!) > 1e-5 * scale)
        expect(far, `${name}: ${key}`).toBe(-1)
      }
    }
  })

  it('loads what configOf writes, and computes the same', () => {
    const folders = fixtureNames.map((name) => {
      const folder = join(out, `own-${name}`)
      mkdirSync(folder)
      for (const file of ['model.safetensors', 'expected.safetensors'])
        copyFileSync(join(fixtures, name, file), join(folder, file))
      const { model } = modelFromConfig(readFixture(name).config)
      writeFileSync(join(folder, 'config.json'), JSON.stringify(configOf(model)))
      return folder
    })
    const answer = execute(script, '--load', ...folders)
    expect(answer).toMatchObject({ ok: true })
    const found = JSON.parse(answer.text.trim().split('\n').at(-1)!) as number[][]
    fixtureNames.forEach((name, i) => {
      const { logits } = readFixture(name)
      const scale = Math.max(...logits.map(Math.abs))
      expect(found[i]!.length, name).toBe(logits.length)
      const far = logits.findIndex((value, j) => Math.abs(value - found[i]![j]!) > 1e-5 * scale)
      expect(far, name).toBe(-1)
    })
  })
})
