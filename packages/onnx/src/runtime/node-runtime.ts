// Fallback binding: onnxruntime-node's own JavaScript API. Same graphs, same numbers; inputs in shared memory
// and all outputs are copied, and a run blocks the event loop.
// Comes in: models and host arrays. Goes out: runs with outputs written to the caller's arrays.

import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Port } from '../trace/trace-program.js'
import { checkLibraryFile } from './library-file.js'
import { loadKoffi } from './load-koffi.js'
import { libraryFiles, noLibrary } from './onnxruntime-library.js'
import type { PortArray, Runtime, RuntimeSession, SessionPlan, ThreadOptions } from './runtime.js'
import { ownArrays, stagedArrays, type OwnArrays } from './staged-arrays.js'
import { switchTelemetryOff } from './telemetry.js'

type OnnxRuntimeNode = typeof import('onnxruntime-node')

/**
 * Bind onnxruntime through onnxruntime-node, its telemetry switched off.
 * @throws if onnxruntime-node is not installed or does not load on this machine.
 */
export async function nodeRuntime(options: ThreadOptions): Promise<Runtime> {
  switchTelemetryOff(await loadKoffi().catch(() => undefined))
  const files = libraryFiles()
  if (files.length === 0) throw noLibrary()
  for (const file of files) checkLibraryFile(file)
  const ort = await import('onnxruntime-node')
  const own = ownArrays()
  return Object.freeze({
    name: 'node' as const,
    version: ort.env.versions.node ?? ort.env.versions.common,
    stagingArray: own.make,
    createSession: (plan: SessionPlan) => nodeSession(ort, own, plan, options),
    close: async () => {},
  })
}

async function nodeSession(
  ort: OnnxRuntimeNode,
  own: OwnArrays,
  plan: SessionPlan,
  { threads, spinning }: ThreadOptions,
): Promise<RuntimeSession> {
  const session = await ort.InferenceSession.create(plan.model, {
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    enableMemPattern: false,
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: spinning ? '1' : '0' }, force_spinning_stop: '1' } },
  })
  // The node API refuses shared memory, and reads its inputs a turn of the event loop after it is called.
  const inputs = stagedArrays(plan.inputs, own, own.has)
  // It has copied all outputs into arrays of its own before anyone can act.
  const outputs = stagedArrays(plan.outputs, own, () => true)
  let open = true
  return Object.freeze({
    async run(from: readonly PortArray[], to: readonly PortArray[]): Promise<void> {
      outputs.outputs(to)
      const places = inputs.inputs(from)
      const feeds = plan.inputs.map((port, i): [string, Tensor] => [
        port.name,
        new ort.Tensor(port.dtype, places[i] ?? own.make(port), [...port.shape]),
      ])
      const results = await session.run(Object.fromEntries(feeds))
      outputs.deliver(to)
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

function copyResult(results: InferenceSession.ReturnType, port: Port, target: PortArray | undefined): void {
  const data = results[port.name]?.data
  if (target === undefined || !(data instanceof Float32Array || data instanceof Int32Array)) {
    throw new Error(
      `output '${port.key}': expected ${port.dtype} data, found ${data === undefined ? 'none' : 'another type'}`,
    )
  }
  target.set(data)
}
