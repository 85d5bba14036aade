// Fallback binding: onnxruntime-node's own JavaScript API. Same graphs, same numbers; inputs in shared memory and all outputs
// are copied, and a run blocks the event loop.
// In: models and host arrays. Out: runs with outputs written to the caller's arrays.

import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Port } from '../trace/trace-program.js'
import type { PortArray, Runtime, RuntimeSession, SessionPlan, ThreadOptions } from './runtime.js'
import { switchTelemetryOff } from './telemetry.js'

type OnnxRuntimeNode = typeof import('onnxruntime-node')

/**
 * Bind onnxruntime through onnxruntime-node, its telemetry switched off.
 * @throws if onnxruntime-node is not installed or does not load on this machine.
 */
export async function nodeRuntime(options: ThreadOptions): Promise<Runtime> {
  switchTelemetryOff(
    await import('koffi').then(
      ({ default: koffi }) => koffi,
      () => undefined,
    ),
  )
  const ort = await import('onnxruntime-node')
  return Object.freeze({
    name: 'node' as const,
    version: ort.env.versions.node ?? ort.env.versions.common,
    createSession: (plan: SessionPlan) => nodeSession(ort, plan, options),
    close: async () => {},
  })
}

async function nodeSession(
  ort: OnnxRuntimeNode,
  plan: SessionPlan,
  { threads, spinning }: ThreadOptions,
): Promise<RuntimeSession> {
  const session = await ort.InferenceSession.create(plan.model, {
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: spinning ? '1' : '0' }, force_spinning_stop: '1' } },
  })
  const staging = plan.inputs.map(stagingArray)
  let open = true
  return Object.freeze({
    async run(from: readonly PortArray[], to: readonly PortArray[]): Promise<void> {
      const feeds = plan.inputs.map((port, i): [string, Tensor] => [
        port.name,
        feed(ort, port, from[i], staging[i]),
      ])
      const results = await session.run(Object.fromEntries(feeds))
      plan.outputs.forEach((port, i) => copyResult(results, port, to[i]))
    },
    // A run is synchronous here: by the time anyone can ask, it is over.
    interrupt: () => {},
    async close(): Promise<void> {
      if (!open) return
      open = false
      await session.release()
    },
  })
}

interface Staging {
  array?: PortArray
}

const stagingArray = (): Staging => ({})

function feed(
  ort: OnnxRuntimeNode,
  port: Port,
  array: PortArray | undefined,
  staging: Staging | undefined,
): Tensor {
  if (array === undefined || staging === undefined)
    throw new Error(`port '${port.key}': expected an array, found none`)
  if (!(array.buffer instanceof SharedArrayBuffer)) return new ort.Tensor(port.dtype, array, [...port.shape])
  // The node API refuses shared memory.
  staging.array ??=
    array instanceof Int32Array ? new Int32Array(array.length) : new Float32Array(array.length)
  staging.array.set(array)
  return new ort.Tensor(port.dtype, staging.array, [...port.shape])
}

function copyResult(results: InferenceSession.ReturnType, port: Port, target: PortArray | undefined): void {
  const data = results[port.name]?.data
  if (target === undefined || !(data instanceof Float32Array || data instanceof Int32Array)) {
    throw new Error(
      `output '${port.key}': expected ${port.dtype} data, found ${data === undefined ? 'none' : 'another type'}`,
    )
  }
  target.set(data)
}
