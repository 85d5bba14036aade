// Speed test: `lotion bench kernels`, an optimizer step over one row of weights on each way to run it.
// Comes in: options. Goes out: a report a size. Source: docs/design/12-speed-tests.md, docs/design/07-cpu.md.

import { flag, listOf, several, wholeNumber } from '@lotion/cli'
import { blockOption, formatsOption, formatWith } from '@lotion/cli/internal'
import { ifAsked, torchOption } from '../harness/torch-competitor.js'
import { defineWorkload, roundsOption, threadsOption } from '../harness/workload.js'
import { compareKernels } from './compare-kernels.js'
import { js, wasm } from './executor.js'
import { gpu } from './gpu.js'
import { kernelCases } from './kernel-case.js'
import type { KernelDefinition } from './kernel-competitor.js'
import { memcpy } from './memcpy.js'
import { torch } from './torch.js'

/** Ways by the names that choose them, on thread counts; a new one is one line here. */
const ways = {
  wasm: (threads: readonly number[]) => threads.map(wasm),
  js: () => [js],
  memcpy: (threads: readonly number[]) => threads.map(memcpy),
  webasm: () => [gpu('webasm')],
  webgpu: () => [gpu('webgpu')],
} satisfies Record<string, (threads: readonly number[]) => readonly KernelDefinition[]>
const wayNames = Object.keys(ways) as (keyof typeof ways)[]

/** Who takes part: WebAssembly first and in any case, since the others are held to its numbers. */
export function kernelCompetitors(
  names: readonly (keyof typeof ways)[],
  threads: readonly number[],
  withTorch: boolean,
): readonly KernelDefinition[] {
  const ours = [...new Set(['wasm' as const, ...names])].flatMap((name) => ways[name](threads))
  return [...ours, { bytesPerWeight: withTorch ? torch.bytesPerWeight : 0, ...ifAsked(torch, withTorch) }]
}

/** Time of an optimizer step a weight. */
export const kernels = defineWorkload({
  name: 'kernels',
  summary:
    'time of an optimizer step a weight: AdamW, LOTION; WebAssembly, JavaScript, a copy, gpu.js, PyTorch',
  options: {
    weights: {
      flags: '--weights <n,…>',
      description: 'weights of the step; about 130 bytes of memory each, with all ways',
      schema: several(wholeNumber({ min: 1024, max: 250_000_000 })),
      default: String(2 ** 22),
    },
    format: formatsOption('int4', 'fp4', 'mxfp4'),
    block: blockOption,
    rounds: roundsOption(
      'measured steps of each kind; at most 3 (2 above 16M weights) of eager PyTorch and JavaScript',
      20,
    ),
    threads: threadsOption('measure 1 thread and this many'),
    ways: {
      flags: '--ways <names>',
      description: `what is measured beside WebAssembly: some of ${wayNames.join(', ')}`,
      schema: listOf(wayNames),
      default: wayNames.join(','),
    },
    withTorch: torchOption,
    pin: {
      flags: '--no-pin',
      description: 'leave threads to the scheduler',
      schema: flag,
    },
  },
  examples: [
    'lotion bench kernels',
    'lotion bench kernels --weights 4194304,85000000 --rounds 10 --with-torch',
    'lotion bench kernels --format nvfp4 --ways wasm',
  ],
  measure: async ({ weights, format, block, ways: names, withTorch, ...values }, context, show) => {
    const cases = kernelCases(await Promise.all(format.map((word) => formatWith(word, block))))
    const competitors = kernelCompetitors(names, [...new Set([1, values.threads])], withTorch)
    for (const count of weights)
      show(await compareKernels({ ...values, weights: count, cases, competitors }, context))
  },
})
