// The kernels that are handed to gpu.js for a lane function. Comes in: a lane function and a mode. Goes out:
// their texts, caught where gpu.js takes them while the function runs, for neighbours and for blocks side by
// side.

import { blockOf, layoutOf, sizeOf } from '@lotion/core'
import { gpuExecutor, type GpuMode } from '@lotion/gpu'
import { loadGpuJs } from '@lotion/gpu/internal'
import type { EmittedPart } from './emitted-code.js'
import type { LaneEntry } from './lane-functions.js'

type Create = (this: object, source: string, ...rest: readonly unknown[]) => unknown

const emittedShapes = [
  ['along', [16], layoutOf([16], blockOf(8))],
  ['across', [8, 2], layoutOf([8, 2], blockOf(8), 0)],
] as const

/** Catch the texts of kernels while `run` runs. */
async function kernelsOf(run: () => Promise<void>): Promise<readonly string[]> {
  const { GPU } = await loadGpuJs()
  const { prototype } = GPU as unknown as { readonly prototype: { createKernel: Create } }
  const { createKernel } = prototype
  const caught: string[] = []
  prototype.createKernel = function (this: object, source, ...rest) {
    caught.push(source)
    return createKernel.call(this, source, ...rest)
  }
  try {
    await run()
  } finally {
    prototype.createKernel = createKernel
  }
  return caught
}

/** The kernels of functions in a mode. @throws if the mode is not to be had here. */
export async function emittedGpu(
  entries: readonly LaneEntry[],
  mode: GpuMode,
): Promise<readonly (readonly EmittedPart[])[]> {
  const executor = await gpuExecutor({ mode })
  const found: (readonly EmittedPart[])[] = []
  for (const { fn, scalars } of entries) {
    const known = new Set<string>()
    const parts: EmittedPart[] = []
    // A function of its own: what was compiled for another of the same graph is compiled again.
    const fresh = { ...fn }
    for (const [name, shape, layout] of emittedShapes) {
      const texts = await kernelsOf(async () => {
        const arrays = fn.inputs.map((input) => [
          input,
          executor.upload(new Float32Array(sizeOf(shape)), shape),
        ])
        executor.lanes([{ fn: fresh, inputs: { ...scalars, ...Object.fromEntries(arrays) }, layout }])
        await executor.settled()
      })
      for (const text of texts.filter((each) => !known.has(each))) {
        known.add(text)
        parts.push({ name, code: text, text: () => text })
      }
    }
    found.push(parts)
  }
  await executor.close()
  return found
}
