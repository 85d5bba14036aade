// The ways that `lotion bench kernels` knows. Comes in: thread counts. Goes out: ways in the order of the table.
// Source: one file a way; a new one is one line here.

import { copyWay } from './copy-way.js'
import { jsWay, wasmWay } from './executor-way.js'
import { gpuWay } from './gpu-way.js'
import type { WayDefinition } from './kernel-way.js'
import { torchWay } from './torch-way.js'

/** Names of the ways, as they are typed. */
export const wayNames = ['wasm', 'js', 'memcpy', 'webasm', 'webgpu', 'torch'] as const

/** Name of a way. */
export type WayName = (typeof wayNames)[number]

const makers: Readonly<Record<WayName, (threads: readonly number[]) => readonly WayDefinition[]>> = {
  wasm: (threads) => threads.map((count) => wasmWay(count)),
  js: () => [jsWay],
  memcpy: (threads) => threads.map((count) => copyWay(count)),
  webasm: () => [gpuWay('webasm')],
  webgpu: () => [gpuWay('webgpu')],
  torch: () => [torchWay],
}

/** The ways of the given names. WebAssembly is always first, and there: the others are held to its numbers. */
export function kernelWays(names: readonly WayName[], threads: readonly number[]): readonly WayDefinition[] {
  const others = names.filter((name) => name !== 'wasm')
  return (['wasm', ...others] as const).flatMap((name) => makers[name](threads))
}
