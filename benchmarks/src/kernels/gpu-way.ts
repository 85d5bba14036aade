// Way: @lotion/gpu, if it is installed. Comes in: a mode of gpu.js. Goes out: steps whose arrays stay on the device.
// Source: docs/design/08-gpu.md.

import { layoutOf, type Tree } from '@lotion/core'
import type { GpuArray, GpuExecutor, GpuMode } from '@lotion/gpu'
import { stepArrays, type KernelCase, type StepArray } from './kernel-case.js'
import {
  endsOf,
  fillFromStart,
  type KernelWay,
  type KernelWorkload,
  type WayDefinition,
} from './kernel-way.js'

const advice = 'npm install @lotion/gpu gpu.js webgpu'

/** One mode of `@lotion/gpu`. */
export const gpuWay = (mode: Exclude<GpuMode, 'cpu'>): WayDefinition =>
  Object.freeze({
    name: mode,
    // Old and new arrays at once, and a copy of each on its way to the device.
    bytesPerWeight: 44,
    open: async (workload: KernelWorkload) => {
      const executor = await opened(mode)
      if ('skipped' in executor) return executor
      const way = wayOn(executor, workload)
      try {
        // A device may have too little memory, or refuse arrays of this size.
        await way.steps[0]?.first()
        return way
      } catch (error) {
        await executor.close()
        return { skipped: `${messageOf(error)}; take fewer weights` }
      }
    },
  })

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

async function opened(mode: GpuMode): Promise<GpuExecutor | { readonly skipped: string }> {
  try {
    const { gpuExecutor } = await import('@lotion/gpu')
    return await gpuExecutor({ mode })
  } catch (error) {
    return { skipped: `${messageOf(error)} (${advice})` }
  }
}

function wayOn(executor: GpuExecutor, { weights, cases }: KernelWorkload): KernelWay {
  const { mode } = executor
  const { device, software } = executor.report()
  const layout = (one: KernelCase) => layoutOf([weights], one.block)
  const start = (): Record<StepArray, GpuArray> => {
    const host = new Float32Array(weights)
    const uploaded = stepArrays.map((array) => {
      fillFromStart(host, array)
      return [array, executor.upload(host, [weights])] as const
    })
    return Object.fromEntries(uploaded) as Record<StepArray, GpuArray>
  }
  const take = async (one: KernelCase, arrays: Tree<GpuArray>): Promise<void> => {
    const { gradient: _read, ...into } = arrays
    executor.lanes([{ fn: one.fn, inputs: { ...arrays, ...one.scalars }, layout: layout(one), into }])
    await executor.settled()
  }
  let arrays: Record<StepArray, GpuArray> | undefined
  const restart = (): Record<StepArray, GpuArray> => {
    for (const array of Object.values(arrays ?? {})) executor.free(array)
    return (arrays = start())
  }
  return {
    name: mode,
    version: mode === 'webgpu' ? `${device}${software ? ', a program on the processor' : ''}` : '',
    threads: 1,
    // WebGPU may take subnormal numbers for 0.
    exact: mode === 'webasm',
    steps: cases.map((one) => ({
      step: one.name,
      variant: '',
      slow: software,
      first: async () => {
        const { gradient: _read, ...written } = restart()
        await take(one, arrays!)
        const results: [string, Float32Array][] = []
        for (const [name, array] of Object.entries(written))
          results.push([name, endsOf(await executor.read(array))])
        return Object.fromEntries(results)
      },
      run: async () => {
        const begin = performance.now()
        await take(one, arrays!)
        return performance.now() - begin
      },
    })),
    close: () => executor.close(),
  }
}
