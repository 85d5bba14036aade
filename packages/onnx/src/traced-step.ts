// A traced function bound to a runtime: one session for each signature of parameter and batch shapes, made
// when first met. Comes in: parameter and batch arrays. Goes out: output arrays owned by the session,
// overwritten by its next run.

import {
  checkIds,
  leafOf,
  type Batch,
  type HostArray,
  type IdRange,
  type Shape,
  type Tree,
} from '@lotion/core'
import { encodeModel } from './graph/encode-model.js'
import type { PortArray, Runtime, RuntimeSession } from './runtime/runtime.js'
import type { BatchPort, Port, TracedFunction } from './trace/trace-program.js'

/** Hold the outputs of one run in output order, and whether it is the session's first complete run. */
export interface TracedRun {
  readonly outputs: readonly (readonly [port: Port, values: Float32Array])[]
  readonly fresh: boolean
  /** What one such run takes on tfjs's cpu backend, foreseen from its shapes. */
  readonly seconds: number
  /** Let the next run of the same session count as its first again, or no more. */
  recheck(again: boolean): void
}

/** Run a traced function over host arrays. */
export interface TracedStep {
  run(shapes: Tree<Shape>, params: Tree<Float32Array>, batch: Batch): Promise<TracedRun>
  /** Ask the run under way to end early. */
  interrupt(): void
  close(): Promise<void>
}

/** Where a step runs, and who makes the arrays of its outputs. */
export interface StepHost {
  readonly runtime: Runtime
  allocate(shapes: Tree<Shape>, near?: Tree<Float32Array>): Tree<Float32Array>
}

interface Compiled {
  readonly session: RuntimeSession
  readonly parameters: readonly Port[]
  /** Stable copies of the batch arrays: bound once, refilled every step. */
  readonly staged: readonly (readonly [port: Port, array: PortArray])[]
  readonly outputs: TracedRun['outputs']
  readonly ids: Tree<IdRange>
  readonly seconds: number
}

// Each session keeps memory of its own: many signatures usually mean that a length should have been padded.
const MANY_SIGNATURES = 16

/**
 * Make the step of a function that `trace` turns into a graph for given parameter and batch shapes. Its runs
 * refuse ids outside of the ranges that the trace found, but for those `declared`, which the engine has
 * checked.
 */
export function tracedStep(
  name: string,
  host: StepHost,
  trace: (shapes: Tree<Shape>, batch: Tree<BatchPort>) => TracedFunction,
  onWarning: (message: string) => void,
  declared: Tree<IdRange> = {},
): TracedStep {
  const sessions = new Map<string, Compiled>()
  // A session whose first run failed has shown nothing yet: its next one is as good as the first.
  const proven = new Set<Compiled>()
  let running: RuntimeSession | undefined
  const compiledFor = async (
    key: string,
    shapes: Tree<Shape>,
    params: Tree<Float32Array>,
    batch: Batch,
  ): Promise<Compiled> => {
    const traced = trace(shapes, portsOf(batch))
    const found = Object.entries(traced.ids).filter(([key]) => !Object.hasOwn(declared, key))
    const compiled = await compile(name, host, { ...traced, ids: Object.fromEntries(found) }, params)
    sessions.set(key, compiled)
    if (sessions.size === MANY_SIGNATURES) {
      onWarning(
        `step '${name}' has met ${MANY_SIGNATURES} different batch shapes, each with its own session; pad batches to few`,
      )
    }
    return compiled
  }
  return {
    async run(shapes, params, batch): Promise<TracedRun> {
      const key = signature(shapes, batch)
      const compiled = sessions.get(key) ?? (await compiledFor(key, shapes, params, batch))
      const { session, parameters, staged, outputs, ids } = compiled
      checkIds(batch, ids)
      for (const [port, array] of staged) array.set(batch[port.key]?.data ?? [])
      const weights = parameters.map((port) => leafOf(params, port.key, 'params'))
      running = session
      try {
        await session.run(
          [...weights, ...staged.map(([, array]) => array)],
          outputs.map(([, values]) => values),
        )
      } catch (error) {
        throw new Error(`step '${name}': ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        })
      } finally {
        running = undefined
      }
      const fresh = !proven.has(compiled)
      proven.add(compiled)
      return {
        outputs,
        fresh,
        seconds: compiled.seconds,
        recheck: (again) => void (again ? proven.delete(compiled) : proven.add(compiled)),
      }
    },
    interrupt: () => running?.interrupt(),
    async close(): Promise<void> {
      await Promise.all([...sessions.values()].map(({ session }) => session.close()))
      sessions.clear()
      proven.clear()
    },
  }
}

async function compile(
  name: string,
  { runtime, allocate }: StepHost,
  traced: TracedFunction,
  params: Tree<Float32Array>,
): Promise<Compiled> {
  const { graph, parameters, batch, outputs: ports } = traced
  const session = await runtime.createSession({
    name,
    model: encodeModel(graph),
    inputs: [...parameters, ...batch],
    outputs: ports,
  })
  // A gradient has its parameter's key: an optimizer works on both.
  const near = ports.flatMap(({ name: port, key }) => (params[key] ? [[port, params[key]] as const] : []))
  const floats = allocate(
    Object.fromEntries(ports.map((port) => [port.name, port.shape])),
    Object.fromEntries(near),
  )
  return {
    session,
    parameters,
    staged: batch.map((port) => [port, runtime.stagingArray(port)]),
    outputs: ports.map((port) => [port, leafOf(floats, port.name, 'outputs')]),
    ids: traced.ids,
    seconds: traced.referenceSeconds,
  }
}

const portsOf = (batch: Batch): Tree<BatchPort> =>
  Object.fromEntries(
    Object.entries(batch).map(([key, array]) => [key, { shape: array.shape, dtype: dtypeOf(array) }]),
  )

const dtypeOf = ({ data }: HostArray): BatchPort['dtype'] =>
  data instanceof Int32Array ? 'int32' : 'float32'

// Order of the keys does not matter to a caller, but it does to a graph's inputs: keys are part of the
// signature as they come.
const signature = (shapes: Tree<Shape>, batch: Batch): string =>
  JSON.stringify([
    Object.entries(shapes),
    Object.entries(batch).map(([key, array]) => [key, dtypeOf(array), array.shape]),
  ])
