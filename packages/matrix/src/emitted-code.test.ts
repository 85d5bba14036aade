// What is emitted for lane functions, as committed text: a change of emitters or formulas shows what it did.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { emittedJs, emittedWasm, type EmittedPart } from './emitted-code.js'
import { emittedGpu } from './emitted-gpu.js'
import { laneFunctions, type LaneEntry } from './lane-functions.js'

const message =
  'emitted code differs from packages/matrix/snapshots: if that is meant, run `npm test -- packages/matrix -u` and commit them'

/** Written out in full, for people: a sum over threads, a cast, an optimizer, a whole fused step. */
const SHOWN = {
  js: [
    'core/total, spread',
    'formats/int4/cast',
    'optim/adamw, weightDecay 0.1',
    'optim/lotion + adamw/int4',
  ],
  wasm: ['core/add', 'formats/int4/cast', 'optim/adamw, weightDecay 0.1'],
  webasm: ['formats/int4/cast'],
  webgpu: ['formats/int4/cast', 'optim/adamw, weightDecay 0.1'],
} as const

const ofTarget = { js: emittedJs, wasm: emittedWasm } as const
const entryOf = (name: string): LaneEntry => laneFunctions.find((entry) => entry.name === name)!

/** Code of one function with a heading. */
function written({ name }: LaneEntry, parts: readonly EmittedPart[]): string {
  const texts = parts.map((part) => `── ${part.name}, ${part.code.length} bytes\n${part.text()}`)
  return [`━━ ${name}`, ...texts].join('\n')
}

const digest = (parts: readonly EmittedPart[]): string => {
  const hash = createHash('sha256')
  for (const { name, code } of parts) hash.update(name).update(code)
  return parts.length === 0 ? '-' : hash.digest('hex').slice(0, 8)
}

const bytesOf = (parts: readonly EmittedPart[]): number =>
  parts.reduce((sum, { code }) => sum + code.length, 0)

describe('emitted code', () => {
  it('of all functions is what it was: bytes and fingerprint', { timeout: 120_000 }, async () => {
    const lines = laneFunctions.map((entry) => {
      const [js, wasm] = [emittedJs(entry), emittedWasm(entry)]
      const of = (code: readonly EmittedPart[]): string =>
        `${String(bytesOf(code)).padStart(6)} ${digest(code).padEnd(8)}`
      return `${entry.name.padEnd(60)} js ${of(js)}  wasm ${of(wasm)}`.trimEnd()
    })
    await expect(`${lines.join('\n')}\n`, message).toMatchFileSnapshot('../snapshots/all.txt')
  })

  it.each(['js', 'wasm'] as const)('as %s, in full', async (target) => {
    const text = SHOWN[target].map(entryOf).map((entry) => written(entry, ofTarget[target](entry)))
    await expect(`${text.join('\n\n')}\n`, message).toMatchFileSnapshot(`../snapshots/${target}.txt`)
  })

  it.each(['webasm', 'webgpu'] as const)('for gpu.js in its mode %s', async (mode) => {
    const entries = SHOWN[mode].map(entryOf)
    const found = await emittedGpu(entries, mode).catch((error: unknown) => {
      // Without an adapter there is nothing to compile for.
      if (mode === 'webasm') throw error
      console.warn(`SKIPPED: kernels for gpu.js on WebGPU. ${String(error)}`)
    })
    if (!found) return
    const text = entries.map((entry, i) => written(entry, found[i]!))
    await expect(`${text.join('\n\n')}\n`, message).toMatchFileSnapshot(`../snapshots/${mode}.txt`)
  })
})
