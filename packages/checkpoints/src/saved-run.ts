// A training run on the disk, to be continued with the same bits. Comes in: weights, the optimizer's slots,
// where the run stands. Goes out: one safetensors file, written whole or not at all; and all of it read
// back.
// Source: the slots are named arrays (docs/design/03-formats-and-methods.md), so a file of arrays holds
// everything.

import { sizeOf, type Shape, type Tree } from '@lotion/core'
import { refuseUnknownKeys, shownValue } from '@lotion/core/internal'
import type { ResumePoint } from '@lotion/optim'
import { z } from 'zod'
import { exactJson, parseExactJson } from './exact-json.js'
import { fromTyped } from './from-typed.js'
import { openSafetensors } from './open-safetensors.js'
import { dictionary } from './safetensors-header.js'
import { streamSafetensors } from './safetensors.js'
import { toFloat32 } from './to-float32.js'
import type { TensorSource } from './written-tensors.js'

/** A run between two steps. */
export interface SavedRun {
  /** Weights by name. */
  readonly params: Tree<Float32Array>
  /** Extents of the weights, by the same names. */
  readonly shapes: Tree<Shape>
  /** Where the run stands, with the optimizer's slots: an event of `fit`, or what `from` takes. */
  readonly from: ResumePoint<Float32Array>
  /** What else continuing takes, as JSON: numbers that are not finite are kept. Default: nothing. */
  readonly extra?: unknown
}

/** Metadata of the file: where the run stands, and which tensors are slots. */
const KEY = 'lotion.run'

const header = z.strictObject({
  step: z.int().min(0),
  skipped: z.int().min(0),
  slots: z.record(z.string(), z.record(z.string(), z.string())),
  callbacks: z.record(z.string(), z.json()).optional(),
  stopped: z.strictObject({ step: z.int(), by: z.string(), reason: z.string() }).optional(),
  extra: z.unknown().optional(),
})

/**
 * Save a run in one file: the weights under their own names, so that every reader of safetensors finds
 * them, and the slots as `SLOT of NAME`. The old file of that path stays until the new one is whole.
 * @param path Of the file; its folder must be there.
 * @param run As `onStep` of `fit` tells it, with the shapes.
 * @throws TypeError if a key is unknown; RangeError if a parameter is called like a slot, or an array does
 * not fit its shape; Error saying what to do if the disk is full or the folder missing or not writable.
 * @example
 * ```ts
 * import { loadRun, saveRun } from '@lotion/checkpoints'
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'lotion-')), 'step-7.safetensors')
 * const [w, m] = [Float32Array.of(0.5, -1), Float32Array.of(0.1, 0)]
 * const from = { step: 7, state: { w: { 'adamw.m': m } } }
 * await saveRun(path, { params: { w }, shapes: { w: [2] }, from })
 * console.log((await loadRun(path)).from.step) // 7
 * ```
 */
export async function saveRun(path: string, run: SavedRun): Promise<void> {
  refuseUnknownKeys('saveRun', run, {
    params: true,
    shapes: true,
    from: true,
    extra: true,
  })
  const { params, shapes, from, extra } = run
  const { step, skipped = 0, state, callbacks, stopped } = from
  const tensors = new Map<string, TensorSource>()
  const add = (name: string, parameter: string, data: Float32Array | undefined): void => {
    const shape = shapes[parameter]
    if (shape === undefined || data === undefined)
      throw new RangeError(
        `params: '${parameter}': expected its shape and its array, found no ${shape ? 'array' : 'shape'}`,
      )
    if (tensors.has(name))
      throw new RangeError(
        `params: expected no parameter that is called like a slot, found '${name}'; rename it`,
      )
    if (data.length !== sizeOf(shape))
      throw new RangeError(
        `params: '${name}': expected the ${sizeOf(shape)} values of [${shape.join(', ')}], found ${data.length}`,
      )
    // A copy at a time: the arrays may share their memory with threads.
    tensors.set(name, { dtype: 'F32', shape, read: () => fromTyped(Float32Array.from(data)).bytes })
  }
  for (const name of Object.keys(shapes)) add(name, name, params[name])
  const slots = Object.entries(state).map(([name, own]) => {
    const names = Object.entries(own).map(([slot, data]) => {
      add(`${slot} of ${name}`, name, data)
      return [slot, `${slot} of ${name}`] as const
    })
    return [name, dictionary(names)] as const
  })
  await streamSafetensors(path, dictionary([...tensors]), {
    // What is not there is left out by JSON.
    [KEY]: exactJson({ step, skipped, slots: dictionary(slots), callbacks, stopped, extra }),
  })
}

/**
 * Load a run that `saveRun` stored: with its `params` and `from`, `fit` continues it with the same bits.
 * @param path Of the file.
 * @throws Error naming the path, what was expected and what was found, if it is no such file.
 * @example
 * ```ts
 * import { loadRun, saveRun } from '@lotion/checkpoints'
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'lotion-')), 'step-7.safetensors')
 * const [params, from] = [{ w: Float32Array.of(1) }, { step: 7, state: { w: {} } }]
 * await saveRun(path, { params, shapes: { w: [1] }, from })
 * console.log(await loadRun(path))
 * ```
 */
export async function loadRun(path: string): Promise<Required<SavedRun>> {
  const file = await openSafetensors(path)
  try {
    const { step, skipped, slots, callbacks, stopped, extra } = headerOf(path, file.metadata[KEY])
    const shapes = new Map<string, Shape>(
      Object.entries(file.tensors).map(([name, { shape }]) => [name, shape]),
    )
    const read = async (name: string, parameter: string): Promise<Float32Array> => {
      const shape = shapes.get(name)
      const like = shapes.get(parameter)
      if (shape === undefined || like === undefined || sizeOf(shape) !== sizeOf(like))
        throw new Error(
          `${path}: expected a tensor '${name}' of the size of '${parameter}', found ${shape ? `[${shape.join(', ')}]` : 'none'}; the file was changed after it was written`,
        )
      return toFloat32(await file.tensor(name))
    }
    const state: [string, Tree<Float32Array>][] = []
    const taken = new Set<string>()
    for (const [name, own] of Object.entries(slots)) {
      const arrays: [string, Float32Array][] = []
      for (const [slot, tensor] of Object.entries(own)) {
        arrays.push([slot, await read(tensor, name)])
        taken.add(tensor)
      }
      state.push([name, dictionary(arrays)])
    }
    const names = [...shapes.keys()].filter((name) => !taken.has(name))
    const params: [string, Float32Array][] = []
    for (const name of names) params.push([name, await read(name, name)])
    return {
      params: dictionary(params),
      shapes: dictionary(names.map((name) => [name, shapes.get(name)!] as const)),
      from: {
        step,
        skipped,
        state: dictionary(state),
        ...(callbacks ? { callbacks } : {}),
        ...(stopped ? { stopped } : {}),
      },
      extra,
    }
  } finally {
    await file.close()
  }
}

function headerOf(path: string, text: string | undefined): z.infer<typeof header> {
  const expected = `${path}: metadata '${KEY}': expected what saveRun wrote`
  if (text === undefined) throw new Error(`${expected}, found none; this file holds weights alone`)
  let value: unknown
  try {
    value = parseExactJson(text)
  } catch {
    throw new Error(`${expected}, found ${shownValue(text)}`)
  }
  const result = header.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw new Error(`${expected}, found ${issue.path.join('.')}: ${issue.message}`)
}
