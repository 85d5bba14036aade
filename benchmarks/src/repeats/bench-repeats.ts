// Steps repeated on several threads: do their bits ever differ from those of one thread? Comes in: widths, how often.
// Goes out: for each case how many runs differed, and a run's time. Source: docs/design/06-traced-engine.md, order of sums.

import type { Engine, Tree } from '@lotion/core'
import { onnxEngine, type OnnxEngine } from '@lotion/onnx'
import type * as tf from '@tensorflow/tfjs'
import { deviceDescription, type DeviceDescription } from '../engine/device-description.js'
import { stepTimes, type StepTimes } from '../engine/step-times.js'
import { repeatedCases, type RepeatedCase } from './repeated-case.js'

export interface RepeatsOptions {
  readonly widths: readonly number[]
  /** Runs of each case on several threads. */
  readonly repeats: number
  readonly threads: number
  readonly signal: AbortSignal
  /** Told after each case. */
  readonly progress: (done: number, total: number) => void
  /** Opens the engine that is examined; default: the traced one. */
  readonly open?: (threads: number) => Promise<OnnxEngine>
}

/** One case after its runs. */
export interface RepeatsRow {
  readonly name: string
  readonly ids: string
  readonly width: number
  readonly repeats: number
  /** Runs of which at least one bit differed from the run on one thread. */
  readonly differing: number
  readonly milliseconds: StepTimes
}

/** What was found where. */
export interface RepeatsReport {
  readonly threads: number
  readonly runtime: string
  readonly device: DeviceDescription
  readonly seconds: number
  readonly rows: readonly RepeatsRow[]
}

/** Run every case once on one thread, then again and again on several. @throws the signal's reason. */
export async function benchRepeats(options: RepeatsOptions): Promise<RepeatsReport> {
  const { widths, repeats, threads, signal, progress } = options
  // A step that differed from eager tfjs would still be compared with itself.
  const open = options.open ?? ((count) => onnxEngine({ threads: count, verifyFirstStep: false }))
  const start = performance.now()
  const one = await open(1)
  try {
    const many = await open(threads)
    try {
      const cases = widths.flatMap(repeatedCases)
      const rows: RepeatsRow[] = []
      for (const example of cases) {
        const first = stepOf(one, example)
        const expected = Object.entries(await first.run()).map(
          ([key, found]) => [key, found.slice()] as const,
        )
        await first.close()
        const step = stepOf(many, example)
        let differing = 0
        const times: number[] = []
        for (let i = 0; i < repeats; i++) {
          signal.throwIfAborted()
          const before = performance.now()
          const found = await step.run()
          times.push(performance.now() - before)
          if (!expected.every(([key, bits]) => sameBits(bits, found[key]))) differing++
        }
        await step.close()
        const { name, ids, width } = example
        rows.push({ name, ids, width, repeats, differing, milliseconds: stepTimes(times) })
        progress(rows.length, cases.length)
      }
      return {
        threads,
        runtime: `onnxruntime ${many.version}, ${many.binding} binding`,
        device: deviceDescription(),
        seconds: (performance.now() - start) / 1000,
        rows,
      }
    } finally {
      await many.close()
    }
  } finally {
    await one.close()
  }
}

/** A case on an engine. Its results are views, overwritten by the next run. */
function stepOf(
  engine: Engine<tf.Tensor, Float32Array>,
  { name, shapes, params: values, batch, compute }: RepeatedCase,
): { run(): Promise<Tree<Float32Array>>; close(): Promise<void> } {
  const params = engine.allocate(shapes)
  for (const [key, array] of Object.entries(params)) array.set(values[key]!)
  if ('value' in compute) {
    const step = engine.forward(compute.value, name)
    return { run: () => step.run(params, batch), close: () => step.close() }
  }
  const step = engine.gradients(compute.gradients)
  return {
    run: async () => {
      const { loss, gradients } = await step.run(params, batch)
      return { ...gradients, ' loss': Float32Array.of(loss) }
    },
    close: () => step.close(),
  }
}

const sameBits = (a: Float32Array, b: Float32Array | undefined): boolean =>
  b !== undefined && Buffer.compare(bytesOf(a), bytesOf(b)) === 0

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
