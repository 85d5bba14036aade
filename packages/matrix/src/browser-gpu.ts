// What tests of Node cannot run of @lotion/gpu: WebGL2. Comes in: a mode. Goes out: the laws of executors,
// and many steps in place beside the CPU executor with the textures counted.
// Source: packages/gpu/src/step.test.ts does the same for the other modes.

import { checksOf } from '@lotion/conformance'
import { blockOf, layoutOf, normals } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int4, withBlock } from '@lotion/formats'
import { gpuExecutor, type GpuMode } from '@lotion/gpu'
import { adamw, byName, lotion, withMethod } from '@lotion/optim'
import { resolved, stepLanes } from '@lotion/optim/internal'
import type { BrowserResult } from './browser-matrix.js'

type Outcome = Pick<BrowserResult, 'functions' | 'values' | 'off'> & { readonly ran: string }

async function result(executor: string, run: () => Promise<Outcome>): Promise<BrowserResult> {
  const start = performance.now()
  const outcome = await run().catch((error: unknown): Outcome => ({
    ran: 'nowhere',
    functions: 0,
    values: 0,
    off: [error instanceof Error ? error.message : String(error)],
  }))
  return { executor, elsewhere: 0, worst: 0, ...outcome, seconds: (performance.now() - start) / 1000 }
}

/** Check the laws of executors; each counts as a function. */
export function executorLaws(mode: GpuMode): Promise<BrowserResult> {
  return result(`gpu ${mode}, laws`, async () => {
    const executor = await gpuExecutor({ mode })
    const checks = checksOf('executor', executor)
    const off: string[] = []
    for (const check of checks)
      for (const { outcome, message } of await check.run())
        if (outcome !== 'passed') off.push(`${check.name}: ${outcome}: ${message}`)
    const { device } = executor.report()
    await executor.close()
    return { ran: device, functions: checks.length, values: 0, off }
  })
}

/** Textures that were made and not deleted, while `run` runs. */
async function countingTextures<T>(run: (alive: () => number) => Promise<T>): Promise<T> {
  const { prototype } = (
    globalThis as unknown as {
      readonly WebGL2RenderingContext: { readonly prototype: Record<string, (...args: unknown[]) => unknown> }
    }
  ).WebGL2RenderingContext
  const { createTexture, deleteTexture } = prototype
  const alive = new Set<unknown>()
  prototype['createTexture'] = function (this: object) {
    const texture = createTexture!.call(this)
    alive.add(texture)
    return texture
  }
  prototype['deleteTexture'] = function (this: object, texture: unknown) {
    alive.delete(texture)
    return deleteTexture!.call(this, texture)
  }
  try {
    return await run(() => alive.size)
  } finally {
    Object.assign(prototype, { createTexture, deleteTexture })
  }
}

const arrayShape = [6, 40]
const SIZE = 240
const STEPS = 300

/**
 * Run LOTION on AdamW in place, and on the CPU executor: the same bits, and no more textures after all steps
 * than after ten.
 */
export function trainingSteps(mode: GpuMode): Promise<BrowserResult> {
  return result(`gpu ${mode}, ${STEPS} steps`, () =>
    countingTextures(async (alive) => {
      const optimizer = adamw({ learningRate: 1e-2, weightDecay: 0.1 })
      const format = withBlock(int4, blockOf(16))
      const part = resolved(withMethod(lotion({ format }), optimizer, byName()), {
        name: 'w',
        shape: [1, 1],
      })!
      const fn = stepLanes(part)
      const layout = layoutOf(arrayShape, blockOf(16))
      const [gpu, cpu] = [await gpuExecutor({ mode }), cpuExecutor()]
      const draw = (stream: string, step: number): Float32Array => normals({ seed: 1, stream, step }, SIZE)
      const arraysOf = <A>(upload: (data: Float32Array) => A): Record<string, A> =>
        Object.fromEntries(
          fn.outputs.map((name) => [name, upload(name === 'w' ? draw('w', 0) : new Float32Array(SIZE))]),
        )
      const mine = arraysOf((data) => gpu.upload(data, [SIZE]))
      const theirs = arraysOf((data) => cpu.upload(data, [SIZE]))
      let early = 0
      for (let step = 0; step < STEPS; step++) {
        const scalars = part.scalars({ step, steps: STEPS, terms: 16 })
        const data = draw('gradient', step)
        const gradient = gpu.upload(data, [SIZE])
        gpu.lanes([{ fn, inputs: { ...mine, ...scalars, gradient }, layout, into: mine }])
        gpu.free(gradient)
        const beside = cpu.upload(data, [SIZE])
        cpu.lanes([{ fn, inputs: { ...theirs, ...scalars, gradient: beside }, layout, into: theirs }])
        await gpu.settled()
        if (step === 10) early = alive()
      }
      const off: string[] = []
      const late = alive()
      if (early === 0 || late > early) off.push(`textures: ${early} after 10 steps, ${late} after ${STEPS}`)
      for (const name of fn.outputs) {
        const [found, expected] = [await gpu.read(mine[name]!), await cpu.read(theirs[name]!)]
        const at = expected.findIndex((value, i) => !Object.is(value, found[i]))
        if (at >= 0) off.push(`${name}[${at}]: ${found[at]}, the CPU executor gives ${expected[at]}`)
      }
      await gpu.close()
      cpu.close()
      if (alive() > 0) off.push(`textures: ${alive()} after close`)
      const ran = `${late} textures after ${STEPS} steps, ${early} after 10`
      return { ran, functions: 1, values: fn.outputs.length * SIZE, off }
    }),
  )
}
