// The exported folders judged anew. PyTorch is too large to install for a test: the Python that LOTION_PYTHON
// names, or python3, runs this if it has the packages of test/exports/requirements.txt; without them the
// test is skipped with a warning. LOTION_JUDGED=write writes test/exports/judged.json.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { writeAll, writeCase } from '../test/exports/cases.js'
import { folder } from '../test/small-models.js'
import './export-targets.test.js'

const python = process.env['LOTION_PYTHON'] ?? 'python3'
const here = (name: string): string => fileURLToPath(new URL(`../test/exports/${name}`, import.meta.url))

function execute(
  args: readonly string[],
  cwd = process.cwd(),
): { readonly ok: boolean; readonly text: string } {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', HF_HUB_OFFLINE: '1', DO_NOT_TRACK: '1' }
  const options = { encoding: 'utf8', timeout: 400_000, maxBuffer: 1e8, env, cwd } as const
  const { status, stdout, stderr, error } = spawnSync(python, args, options)
  return { ok: status === 0, text: status === 0 ? stdout : `${error?.message ?? ''} ${stderr}`.trim() }
}

const wanted = Object.fromEntries(
  [...readFileSync(here('requirements.txt'), 'utf8').matchAll(/^(\S+)==(\S+)$/gm)].map(
    ([, name, version]) => [name, version],
  ),
)
const { ok, text } = execute([
  '-c',
  `import json, sys, importlib.metadata as m
print(json.dumps({name: m.version(name).split('+')[0] for name in ${JSON.stringify(Object.keys(wanted))}}))`,
])
const missing = !ok
  ? (text.split('\n').at(-1) ?? '')
  : Object.entries(JSON.parse(text) as Record<string, string>)
      .filter(([name, version]) => version !== wanted[name])
      .map(([name, version]) => `${name} ${version}, expected ${wanted[name]}`)
      .join('; ')
if (missing !== '')
  console.warn(
    `SKIPPED: exports judged by transformers and compressed-tensors. Reason: ${missing}; set LOTION_PYTHON to a python with test/exports/requirements.txt of @lotion/language`,
  )

test.skipIf(missing !== '')(
  'the judge says what is committed',
  async () => {
    const { ok: judged, text: answer } = execute([
      here('judge_exports.py'),
      ...(await writeAll(await folder)),
    ])
    expect(judged, answer.slice(-3000)).toBe(true)
    const found: unknown = JSON.parse(answer.slice(answer.indexOf('{\n')))
    if (process.env['LOTION_JUDGED'] === 'write')
      writeFileSync(here('judged.json'), `${JSON.stringify(found, undefined, 1)}\n`)
    const committed: unknown = JSON.parse(readFileSync(here('judged.json'), 'utf8'))
    // Other processors add in another order.
    const withoutLogits = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'logits' ? undefined : inner)))
    expect(withoutLogits(found)).toEqual(withoutLogits(committed))
  },
  480_000,
)

test.skipIf(missing !== '').each([
  { shown: 'mine-hf', name: 'hf-q4_0-untied' },
  { shown: 'mine-packed', name: 'ct-q4_0' },
] as const)(
  'what the guide shows of $shown runs',
  async ({ shown, name }) => {
    const page = readFileSync(new URL('../../../docs/guide/to-transformers.md', import.meta.url), 'utf8')
    const blocks = [...page.matchAll(/^```python\n([\s\S]*?)^```$/gm)].map(([, body]) => body!)
    const code = blocks.find((body) => body.includes(`'${shown}'`))!
    const into = mkdtempSync(join(tmpdir(), 'lotion-guide-'))
    try {
      symlinkSync(await writeCase(await folder, name), join(into, shown))
      const { ok: ran, text: printed } = execute(['-c', code], into)
      expect(ran, printed.slice(-3000)).toBe(true)
      expect(printed).toMatch(/^The weights ./)
    } finally {
      rmSync(into, { recursive: true })
    }
  },
  480_000,
)
