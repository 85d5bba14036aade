// Small random checkpoints written by transformers, and what it computes with them. Comes in: a name. Goes
// out: the parsed config.json, a source of weights, token ids, logits, loss and its gradients.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Batch, HostArray, Tree } from '@lotion/core'
import type { HuggingFaceConfig, ParameterSource } from '../src/index.js'

/** The folder of all fixtures. */
export const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))

/** Their names: one checkpoint each. */
export const fixtureNames: readonly string[] = readdirSync(fixtures, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** A tensor of a file of 32-bit numbers. */
interface Stored {
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array
}

/** What a fixture holds. */
export interface Fixture {
  readonly config: HuggingFaceConfig
  readonly source: ParameterSource
  readonly batch: Batch
  readonly logits: Float32Array
  readonly loss: number
  /** By the names of transformers, in its layout. */
  readonly gradients: ParameterSource
}

/** Read a safetensors file whose tensors are F32 or I32; @lotion/checkpoints reads all others. */
export function readTensors(path: string): Tree<Stored> {
  const file = readFileSync(path)
  const start = 8 + Number(file.readBigUInt64LE(0))
  const header = JSON.parse(file.toString('utf8', 8, start)) as Readonly<
    Record<
      string,
      { readonly dtype: string; readonly shape: number[]; readonly data_offsets: [number, number] }
    >
  >
  return Object.fromEntries(
    Object.entries(header)
      .filter(([name]) => name !== '__metadata__')
      .map(([name, { dtype, shape, data_offsets }]) => {
        const [from, to] = data_offsets
        const bytes = Uint8Array.from(file.subarray(start + from, start + to)).buffer
        if (dtype !== 'F32' && dtype !== 'I32') throw new Error(`${path}: ${name}: ${dtype}`)
        return [name, { shape, data: dtype === 'F32' ? new Float32Array(bytes) : new Int32Array(bytes) }]
      }),
  )
}

/** Offer tensors as a source of weights. */
function sourceOf(tensors: Tree<Stored>): ParameterSource {
  return { tensors, read: async (name) => Float32Array.from(tensors[name]!.data) }
}

/** Read a fixture. */
export function readFixture(name: string, folder = fixtures): Fixture {
  const path = (file: string) => `${folder}/${name}/${file}`
  const expected = readTensors(path('expected.safetensors'))
  const ids = (key: string): HostArray => ({
    data: Int32Array.from(expected[key]!.data),
    shape: expected[key]!.shape,
  })
  const prefix = 'gradient.'
  const gradients = Object.entries(expected).filter(([key]) => key.startsWith(prefix))
  return {
    config: JSON.parse(readFileSync(path('config.json'), 'utf8')) as HuggingFaceConfig,
    source: sourceOf(readTensors(path('model.safetensors'))),
    batch: { x: ids('x'), y: ids('y') },
    logits: Float32Array.from(expected['logits']!.data),
    loss: expected['loss']!.data[0]!,
    gradients: sourceOf(
      Object.fromEntries(gradients.map(([key, tensor]) => [key.slice(prefix.length), tensor])),
    ),
  }
}
