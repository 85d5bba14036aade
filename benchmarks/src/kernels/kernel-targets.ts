// What the speed of kernels is judged by: ratios within one run. Comes in: rows. Goes out: each ratio, its
// target, the verdict.
// Source: docs/design/07-cpu.md. Peers count by their fastest form.

import type { Column } from '../harness/report.js'
import type { KernelRow } from './compare-kernels.js'
import { torchForm } from './torch.js'

/** A ratio of two times with its target. */
export interface KernelTarget {
  readonly name: string
  readonly ratio: number
  readonly most?: number
  readonly least?: number
  readonly met: boolean
}

type Chosen = Pick<KernelRow, 'step' | 'way'> & { readonly form?: string }

interface Goal extends Omit<KernelTarget, 'ratio' | 'met'> {
  readonly over: Chosen
  readonly under: Chosen
}

const wasm = (step: string): Chosen => ({ step, way: 'wasm' })
const torch = (step: string, form: string): Chosen => ({ step, way: 'PyTorch', form })

const lotionGoals = (step: string, most: number): readonly Goal[] => [
  {
    name: `${step} / PyTorch, ${torchForm.compiled}`,
    over: wasm(step),
    under: torch(step, torchForm.compiled),
    most,
  },
  { name: `PyTorch, eager / ${step}`, over: torch(step, torchForm.eager), under: wasm(step), least: 40 },
  { name: `emitted JavaScript / ${step}`, over: { step, way: 'js' }, under: wasm(step), least: 10 },
]

const goals: readonly Goal[] = [
  { name: 'AdamW / touch', over: wasm('AdamW'), under: wasm('touch'), most: 1.2 },
  {
    name: 'AdamW / PyTorch, fused',
    over: wasm('AdamW'),
    under: torch('AdamW', torchForm.fused),
    most: 1.1,
  },
  ...lotionGoals('LOTION int4', 1.5),
  ...lotionGoals('LOTION fp4', 1.9),
]

/**
 * Judge the rows of one size: WebAssembly on the most threads, every peer by its fastest form. What was not
 * measured is left out.
 */
export function kernelTargets(rows: readonly KernelRow[]): readonly KernelTarget[] {
  const median = ({ step, way, form = '' }: Chosen): number | undefined => {
    const found = rows.filter((row) => row.step === step && row.way === way && row.variant.startsWith(form))
    const threads = Math.max(...found.map((row) => row.threads))
    const medians = found
      .filter((row) => row.threads === threads)
      .map((row) => row.nanosecondsPerWeight.median)
    return medians.length > 0 ? Math.min(...medians) : undefined
  }
  return goals.flatMap(({ name, over, under, ...limits }): readonly KernelTarget[] => {
    const [above, below] = [median(over), median(under)]
    if (above === undefined || below === undefined) return []
    const ratio = above / below
    const { most = Number.POSITIVE_INFINITY, least = 0 } = limits
    return [{ name, ratio, ...limits, met: ratio <= most && ratio >= least }]
  })
}

/** How targets are laid out: `≤ 1.2 ×`, met or not. */
export const targetColumns: readonly Column<KernelTarget>[] = [
  ['ratio of medians, most threads, fastest form', ({ name }) => name],
  ['found', ({ ratio }) => `${ratio.toFixed(2)} ×`],
  ['target', ({ most, least }) => (most === undefined ? `≥ ${least} ×` : `≤ ${most} ×`)],
  ['', ({ met }) => (met ? 'met' : 'NOT MET'), 'left'],
]
