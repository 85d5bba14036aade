// Way: PyTorch on the CPU, in a Python process of its own. Comes in: steps. Goes out: the same steps, in several forms each.
// Source: python/kernel_peer.py. Whatever form is the fastest is what PyTorch is judged by.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSafetensors, toFloat32, writeSafetensors } from '@lotion/checkpoints'
import type { Tree } from '@lotion/core'
import { topOf } from '@lotion/formats'
import { z } from 'zod'
import { lineProcess, type LineProcess } from '../engine/line-process.js'
import { findTorch, torchThreads } from '../engine/torch-environment.js'
import { kernelAdamw, kernelMoment, type KernelCase, type LotionPart, type StepArray } from './kernel-case.js'
import {
  endLength,
  startSequence,
  type KernelWay,
  type KernelWorkload,
  type WayContext,
  type WayDefinition,
  type WayStep,
} from './kernel-way.js'

const program = fileURLToPath(new URL('../../python/kernel_peer.py', import.meta.url))
const opening = z.object({ version: z.string(), threads: z.number(), simd: z.string() })
const stepping = z.object({ milliseconds: z.number() })
const binding = z.object({ processors: z.array(z.number()) })

/** Names of the arrays in Python. */
const names: Readonly<Record<StepArray, string>> = {
  w: 'w',
  gradient: 'g',
  'adamw.m': 'm',
  'adamw.v': 'v',
}

/** One form in which PyTorch takes a step. */
interface Form {
  readonly variant: string
  readonly how: 'fused' | 'compiled' | 'eager'
  readonly slope?: 'hand' | 'autograd'
}

const adamwForms: readonly Form[] = [
  { variant: 'fused=True', how: 'fused' },
  { variant: 'torch.compile', how: 'compiled' },
]

/** Words that every form under the compiler, and every eager one, starts with. */
export const torchForm = Object.freeze({ compiled: 'torch.compile', eager: 'eager', fused: 'fused=True' })

const form = (how: 'compiled' | 'eager', slope: 'hand' | 'autograd'): Form => ({
  variant: `${torchForm[how]}, slope by ${slope}`,
  how,
  slope,
})

// Eager autograd takes 1.1 to 2.2 times as long as the slope by hand: left out.
const lotionForms: readonly Form[] = [
  form('compiled', 'hand'),
  form('compiled', 'autograd'),
  form('eager', 'hand'),
]

// For comparison only.
const heldForms: readonly Form[] = [form('compiled', 'hand')]

/** PyTorch: AdamW fused and compiled, LOTION compiled and eager. */
export const torchWay: WayDefinition = Object.freeze({
  name: 'PyTorch',
  // Weights, moments, gradient; eager mode keeps a dozen values a weight besides.
  bytesPerWeight: 64,
  async open(workload: KernelWorkload, context: WayContext) {
    const found = await findTorch(context)
    if ('skipped' in found) return found
    const folder = await mkdtemp(join(tmpdir(), 'lotion-kernels-'))
    const child = lineProcess({
      name: 'PyTorch',
      command: found.python,
      arguments: [program],
      env: {
        ...torchThreads(workload.threads),
        // Compiled here, one after the other: no processes that wait beside the measurement.
        TORCHINDUCTOR_COMPILE_THREADS: '1',
        ...(context.processors.length > 0
          ? { GOMP_CPU_AFFINITY: context.processors.slice(0, workload.threads).join(' ') }
          : {}),
      },
      signal: context.signal,
    })
    const close = async (): Promise<void> => {
      await child.close()
      await rm(folder, { recursive: true, force: true })
    }
    try {
      return await opened(workload, context, child, folder, close)
    } catch (error) {
      await close()
      throw error
    }
  },
})

async function opened(
  { weights, cases, threads }: KernelWorkload,
  { log }: WayContext,
  child: LineProcess,
  folder: string,
  close: () => Promise<void>,
): Promise<KernelWay> {
  const path = join(folder, 'start.safetensors')
  await writeSafetensors(
    path,
    Object.fromEntries(
      Object.entries(names).map(([name, python]) => {
        const data = startSequence(name as StepArray, weights)
        return [python, { data, shape: [data.length] }]
      }),
    ),
  )
  const { weightDecay: decay, ...adamw } = kernelAdamw
  const { step, terms } = kernelMoment
  const settings = { weights, threads, ...adamw, decay, step, terms, strength: 1 }
  const answer = opening.parse(await child.request({ do: 'open', path, settings }))
  const steps = cases.flatMap((one): readonly WayStep[] => {
    if (one.kind === 'touch') return []
    if (one.lotion === undefined) return adamwForms.map((way) => torchStep(child, folder, one, way, null))
    const lotion = described(one.lotion, weights)
    if (lotion === undefined) {
      log(`PyTorch leaves out ${one.name}: written for integers and E2M1, absmax and MX scales, whole blocks`)
      return []
    }
    const forms = one.lotion.scaleGradient ? lotionForms : heldForms
    return forms.map((way) => torchStep(child, folder, one, way, lotion))
  })
  return {
    name: 'PyTorch',
    version: `torch ${answer.version}, ${answer.simd}`,
    threads: answer.threads,
    exact: false,
    steps,
    pin: async () => {
      const { processors } = binding.parse(await child.request({ do: 'processors' }))
      return processors.length === 0 ? 'not bound' : `threads on ${processors.join(', ')}`
    },
    close,
  }
}

/** A format in the words of the Python side; none for what is not written there. */
function described({ format, scaleGradient }: LotionPart, weights: number): object | undefined {
  const { grid, scale, block } = format
  const top = topOf(format)
  const integers = grid.points.length === 2 * top + 1 && grid.points.every((point, i) => point === i - top)
  const size = block.kind === 'size' ? block.size : weights
  const known = scale.name === 'absmax' ? integers || grid.name === 'e2m1' : grid.name === 'e2m1'
  if (!known || !['absmax', 'e8m0-ceil'].includes(scale.name) || weights % size !== 0) return undefined
  return {
    grid: integers ? 'integer' : 'e2m1',
    scale: scale.name,
    top,
    block: size,
    through_scale: scaleGradient,
  }
}

function torchStep(
  child: LineProcess,
  folder: string,
  one: KernelCase,
  { variant, how, slope = 'hand' }: Form,
  lotion: object | null,
): WayStep {
  const request = { do: 'step', lotion, how, slope }
  return {
    step: one.name,
    variant,
    slow: how === 'eager',
    run: async () => stepping.parse(await child.request(request)).milliseconds,
    first: async () => {
      const path = join(folder, 'first.safetensors')
      await child.request({ ...request, path, ends: endLength })
      const { tensors } = await readSafetensors(path)
      const found: Tree<Float32Array> = Object.fromEntries(
        Object.entries(names).flatMap(([name, python]) => {
          const tensor = tensors[python]
          return tensor ? [[name, toFloat32(tensor)]] : []
        }),
      )
      return found
    },
  }
}
