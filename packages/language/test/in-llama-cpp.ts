// What llama.cpp makes of a GGUF file, and what we make of it. Comes in: a path, ids. Goes out: logits.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { leafOf } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { onnxEngine } from '@lotion/onnx'
import { llamaCppBinaries } from '@lotion/test-kit'
import { openSource } from '../src/internal.js'

/** Whether it is not there. */
export const missing = llamaCppBinaries === undefined

const child = fileURLToPath(new URL('llama-cpp-child.mjs', import.meta.url))

/** What is asked of a file. */
export interface Asked {
  readonly path: string
  readonly windows?: readonly (readonly number[])[]
  readonly texts?: readonly string[]
}

/** What llama.cpp says. */
export interface Told {
  /** After each id of each window. */
  readonly logits: readonly (readonly (readonly number[])[])[]
  /** Ids of each text. */
  readonly tokens: readonly (readonly number[])[]
}

/** By llama.cpp, in one process for all files: to start it takes a second. */
export function inLlamaCpp(files: readonly Asked[]): readonly Told[] {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [child], {
    input: JSON.stringify({ files, contextSize: 64 }),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 60_000,
  })
  if (status !== 0) throw new Error(`llama.cpp: ${signal ?? `status ${status}`}\n${stderr}`)
  return JSON.parse(stdout) as readonly Told[]
}

/** By our engine, from the same file. */
export async function inLotion(path: string, windows: readonly (readonly number[])[]) {
  const { model, read } = await openSource(path)
  const executor = cpuExecutor({ threads: 1 })
  const engine = await onnxEngine({ threads: 1, memory: executor })
  try {
    const params = engine.allocate(model.shapes)
    await read(params)
    const forward = engine.forward((weights, batch) => ({ logits: model.logits(weights, batch) }), 'logits')
    const { vocabulary } = model.config
    const found: Float32Array[][] = []
    for (const ids of windows) {
      const x = { data: Int32Array.from(ids), shape: [1, ids.length] }
      const logits = leafOf(await forward.run(params, { x }), 'logits', 'outputs')
      found.push(ids.map((_, i) => logits.slice(i * vocabulary, (i + 1) * vocabulary)))
    }
    await forward.close()
    return found
  } finally {
    await engine.close()
    executor.close()
  }
}
