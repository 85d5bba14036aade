// llama.cpp through the npm package node-llama-cpp, for tests. It is installed once into a folder under
// node_modules/.cache, with the library that its packages of npm carry and none of their scripts run. Comes
// in: a GGUF file, tokens. Goes out: −log of each next token's probability, with an F32 cache of keys and
// values and without flash attention.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSION = '3.22.1'
const cache = fileURLToPath(new URL(`../node_modules/.cache/node-llama-cpp-${VERSION}`, import.meta.url))
const program = join(cache, 'losses.mjs')

const source = `import { readFileSync } from 'node:fs'
import { getLlama } from 'node-llama-cpp'
const { path: modelPath, windows } = JSON.parse(readFileSync(0, 'utf8'))
const llama = await getLlama({ build: 'never', gpu: false, skipDownload: true, logLevel: 'error', progressLogs: false })
const model = await llama.loadModel({ modelPath, gpuLayers: 0 })
const contextSize = Math.max(...windows.map((window) => window.length))
const exact = { flashAttention: false, experimentalKvCacheKeyType: 'F32', experimentalKvCacheValueType: 'F32' }
const context = await model.createContext({ contextSize, batchSize: contextSize, threads: 2, ...exact })
const sequence = context.getSequence()
const losses = []
for (const window of windows) {
  await sequence.clearHistory()
  const asked = window.slice(0, -1).map((token) => [token, { generateNext: { probabilities: true } }])
  const found = await sequence.controlledEvaluate(asked)
  losses.push(
    found.map(({ next: { probabilities } }, i) => {
      let total = 0
      for (const p of probabilities.values()) total += p
      return Math.log(total) - Math.log(probabilities.get(window[i + 1]))
    }),
  )
}
console.log(JSON.stringify({ losses, release: llama.llamaCppRelease.release }))
process.exit()
`

// llama.cpp divides by a sum of f32, which loses small terms: its probabilities add up to 1.0001 and more.
// The losses are of probabilities that add up to 1.

interface Outcome {
  readonly ok: boolean
  readonly text: string
}

function execute(command: string, args: readonly string[], input = ''): Outcome {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: cache,
    encoding: 'utf8',
    timeout: 600_000,
    maxBuffer: 2 ** 26,
    input,
    env: { ...process.env, DO_NOT_TRACK: '1' },
  })
  return { ok: status === 0, text: error ? error.message : status === 0 ? stdout : stderr.trim() }
}

/** Install it if it is not there. Returns why it cannot be had, or nothing. */
export function installLlamaCpp(): string | undefined {
  const installed = join(cache, 'installed')
  if (!existsSync(installed)) {
    rmSync(cache, { recursive: true, force: true })
    mkdirSync(cache, { recursive: true })
    writeFileSync(join(cache, 'package.json'), '{ "private": true, "type": "module" }')
    const npm = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `node-llama-cpp@${VERSION}`]
    const { ok, text } = execute('npm', npm)
    if (!ok) return `npm ${npm.join(' ')} failed: ${text.slice(-500)}`
    writeFileSync(installed, '')
  }
  writeFileSync(program, source)
  return undefined
}

/** Compute −log p of each token but the first of each window, in nats. @throws if llama.cpp fails. */
export function llamaCppLosses(
  path: string,
  windows: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const { ok, text } = execute(process.execPath, [program], JSON.stringify({ path, windows }))
  if (!ok) throw new Error(`node-llama-cpp: ${text.slice(-2000)}`)
  return (JSON.parse(text.trim().split('\n').at(-1)!) as { losses: number[][] }).losses
}
