// Competitor: PyTorch. Comes in: steps. Goes out: the same steps, in several forms each; whatever form is the
// fastest is what PyTorch is judged by. Source: python/torch_kernels.py.

import { join } from 'node:path'
import { readSafetensors, toFloat32, writeSafetensors } from '@lotion/checkpoints'
import type { TimedTask } from '../harness/competitor.js'
import { timed, torchCompetitor, type TorchProcess } from '../harness/torch-competitor.js'
import { torchFormat, TORCH_FORMATS } from '../harness/torch-format.js'
import { kernelAdamw, kernelMoment, type KernelCase, type StepArray } from './kernel-case.js'
import {
  END_LENGTH,
  slowRounds,
  startSequence,
  type KernelDefinition,
  type KernelOutcome,
  type KernelSubject,
} from './kernel-competitor.js'

/** Names of the arrays in Python. */
const names: Readonly<Record<StepArray, string>> = { w: 'w', gradient: 'g', 'adamw.m': 'm', 'adamw.v': 'v' }

/** One form in which PyTorch takes a step. */
interface Form {
  readonly variant: string
  readonly how: 'fused' | 'compiled' | 'eager'
  readonly slope?: 'hand' | 'autograd'
}

/** Words that every form under the compiler, and every eager one, starts with. */
export const torchForm = Object.freeze({ compiled: 'torch.compile', eager: 'eager', fused: 'fused=True' })

const adamwForms: readonly Form[] = [
  { variant: torchForm.fused, how: 'fused' },
  { variant: torchForm.compiled, how: 'compiled' },
]

const form = (how: 'compiled' | 'eager', slope: 'hand' | 'autograd'): Form => ({
  variant: `${torchForm[how]}, slope by ${slope}`,
  how,
  slope,
})

/** For comparison only, where the scale is held. */
const heldForms: readonly Form[] = [form('compiled', 'hand')]
// Eager autograd takes 1.1 to 2.2 times as long as the slope by hand: left out.
const lotionForms: readonly Form[] = [...heldForms, form('compiled', 'autograd'), form('eager', 'hand')]

/** PyTorch: AdamW fused and compiled, LOTION compiled and eager. */
export const torch: KernelDefinition = Object.freeze({
  // Weights, moments, gradient; eager mode keeps a dozen values a weight besides.
  bytesPerWeight: 64,
  ...torchCompetitor<KernelSubject, KernelOutcome>({
    program: 'torch_kernels.py',
    threads: ({ threads }) => threads,
    // Compiled there, one after the other: no processes that wait beside the measurement.
    env: { TORCHINDUCTOR_COMPILE_THREADS: '1' },
    opening: async ({ weights }, folder) => {
      const path = join(folder, 'start.safetensors')
      const start = Object.entries(names).map(([name, python]) => {
        const data = startSequence(name as StepArray, weights)
        return [python, { data, shape: [data.length] }] as const
      })
      await writeSafetensors(path, Object.fromEntries(start))
      const { weightDecay: decay, ...adamw } = kernelAdamw
      const { step, terms } = kernelMoment
      return { path, settings: { weights, ...adamw, decay, step, terms, strength: 1 } }
    },
    tasks: ({ weights, cases, threads }, torch, { log }) =>
      cases.flatMap((one) => {
        if (one.kind === 'touch') return []
        const lotion = one.lotion ? torchFormat(one.lotion, [[weights]]) : null
        if (lotion === undefined) {
          log(`PyTorch leaves out ${one.name}: ${TORCH_FORMATS}`)
          return []
        }
        const forms = one.lotion ? (one.lotion.scaleGradient ? lotionForms : heldForms) : adamwForms
        return forms.map((way) => ({
          ...taskOf(torch, one, way, lotion),
          threads,
          ...(way.how === 'eager' ? { rounds: slowRounds(weights) } : {}),
        }))
      }),
  }),
})

function taskOf(
  { folder, request }: TorchProcess,
  { name }: KernelCase,
  { variant, how, slope = 'hand' }: Form,
  lotion: object | null,
): Omit<TimedTask<KernelOutcome>, 'threads'> {
  const step = { do: 'step', lotion, how, slope }
  return {
    task: name,
    variant,
    first: async () => {
      const path = join(folder, 'first.safetensors')
      await request({ ...step, path, ends: END_LENGTH }, timed)
      const { tensors } = await readSafetensors(path)
      return Object.fromEntries(
        Object.entries(names).flatMap(([array, python]) => {
          const tensor = tensors[python]
          return tensor ? [[array, toFloat32(tensor)]] : []
        }),
      )
    },
    run: async () => (await request(step, timed)).milliseconds,
  }
}
