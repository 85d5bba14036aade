// What is emitted for lane functions, as committed text: a change of emitters or formulas shows what it did.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { emittedJs, emittedWasm, type EmittedPart } from './emitted-code.js'
import { emittedGpu } from './emitted-gpu.js'
import { laneFunctions, type LaneEntry } from './lane-functions.js'

const message =
  'emitted code differs from packages/matrix/snapshots: if that is meant, run `npm test -- packages/matrix -u` and commit them'

/** Written out in full as JavaScript: one function of each plugin. As WebAssembly: one of each form of code. */
const SHOWN = {
  js: /^(core|fisher|optim)\/|^formats\/.*\/cast$|^formats\/(int4|fp4|nf4|nvfp4)\/|^noise\/.*\/int4\/|rounding\/nf4/,
  wasm: /^core\/(add|less|literals|blockMax|nested reductions|total, spread)$|^formats\/(int4|fp4|nf4)\/cast$|^noise\/(randomized-rounding|dithered\(0\.3\))\/int4\/|^fisher\/empirical$|^optim\/(adamw, decay|clip)$|^optim\/lotion \+ adamw\/int4$/,
} as const

const owners = [...new Set(laneFunctions.map(({ name }) => name.split('/')[0]!))]
const ofTarget = { js: emittedJs, wasm: emittedWasm } as const

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

  for (const target of ['js', 'wasm'] as const) {
    it.each(owners)(`of @lotion/%s as ${target}, in full`, async (owner) => {
      const shown = laneFunctions.filter(
        ({ name }) => name.startsWith(`${owner}/`) && SHOWN[target].test(name),
      )
      const text = shown.map((entry) => written(entry, ofTarget[target](entry))).join('\n\n')
      await expect(`${text}\n`, message).toMatchFileSnapshot(`../snapshots/${target}/${owner}.txt`)
    })
  }

  const onDevices = laneFunctions.filter(({ name }) =>
    /^core\/(add|div|blockMax, spread|total, spread)$|^formats\/(int4|fp4)\/cast$|^optim\/(adamw, decay|lotion \+ adamw\/int4)$/.test(
      name,
    ),
  )
  it.each(['webasm', 'webgpu'] as const)('for gpu.js in its mode %s', async (mode) => {
    const found = await emittedGpu(onDevices, mode).catch((error: unknown) => {
      // Without an adapter there is nothing to compile for.
      if (mode === 'webasm') throw error
      console.warn(`SKIPPED: kernels for gpu.js on WebGPU. ${String(error)}`)
    })
    if (!found) return
    const text = onDevices.map((entry, i) => written(entry, found[i]!)).join('\n\n')
    await expect(`${text}\n`, message).toMatchFileSnapshot(`../snapshots/gpu/${mode}.txt`)
  })
})
