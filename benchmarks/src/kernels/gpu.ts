// Competitor: @lotion/gpu in a mode of gpu.js. Comes in: steps. Goes out: the same steps on arrays that stay
// on the device.
// Source: docs/design/08-gpu.md.

import { layoutOf, type Tree } from '@lotion/core'
import type { GpuArray, GpuExecutor, GpuMode } from '@lotion/gpu'
import { messageOf, millisecondsOf, type Competitor } from '../harness/competitor.js'
import { stepArrays, type KernelCase, type StepArray } from './kernel-case.js'
import {
  endsOf,
  fillFromStart,
  slowRounds,
  type KernelDefinition,
  type KernelOutcome,
  type KernelSubject,
} from './kernel-competitor.js'

/** One mode of `@lotion/gpu`. */
export const gpu = (mode: Exclude<GpuMode, 'cpu'>): KernelDefinition => ({
  name: mode,
  // Old and new arrays at once, and a copy of each on its way to the device.
  bytesPerWeight: 44,
  open: async (subject) => {
    const executor = await opened(mode)
    if ('absent' in executor) return executor
    const competitor = onDevice(executor, subject)
    try {
      // A device may have too little memory, or refuse arrays of this size.
      await competitor.tasks[0]?.first?.()
      return competitor
    } catch (error) {
      await executor.close()
      return { absent: `${messageOf(error)}; take fewer weights` }
    }
  },
})

async function opened(mode: GpuMode): Promise<GpuExecutor | { readonly absent: string }> {
  try {
    const { gpuExecutor } = await import('@lotion/gpu')
    return await gpuExecutor({ mode })
  } catch (error) {
    return { absent: `${messageOf(error)} (npm install @lotion/gpu webgpu)` }
  }
}

function onDevice(executor: GpuExecutor, { weights, cases }: KernelSubject): Competitor<KernelOutcome> {
  const { mode } = executor
  const { device, software } = executor.report()
  let arrays: Tree<GpuArray> = {}
  const restart = (): void => {
    for (const array of Object.values(arrays)) executor.free(array)
    const host = new Float32Array(weights)
    arrays = Object.fromEntries(
      stepArrays.map((array) => {
        fillFromStart(host, array)
        return [array, executor.upload(host, [weights])] satisfies [StepArray, GpuArray]
      }),
    )
  }
  const take = async ({ fn, block, scalars }: KernelCase): Promise<void> => {
    const { gradient: _read, ...into } = arrays
    executor.lanes([{ fn, inputs: { ...arrays, ...scalars }, layout: layoutOf([weights], block), into }])
    await executor.settled()
  }
  return {
    ...(mode === 'webgpu' ? { version: `${device}${software ? ', a program on the processor' : ''}` } : {}),
    // WebGPU may take subnormal numbers for 0.
    exact: mode === 'webasm',
    tasks: cases.map((one) => ({
      task: one.name,
      threads: 1,
      ...(software ? { rounds: slowRounds(weights) } : {}),
      first: async () => {
        restart()
        await take(one)
        const results: [string, Float32Array][] = []
        for (const [name, array] of Object.entries(arrays))
          if (name !== 'gradient') results.push([name, endsOf(await executor.read(array))])
        return Object.fromEntries(results)
      },
      run: () => millisecondsOf(() => take(one)),
    })),
    close: () => executor.close(),
  }
}
