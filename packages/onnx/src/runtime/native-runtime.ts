// Native binding, part 2: sessions that read and write JavaScript's memory in place, off the event loop.
// In: models and host arrays (shared memory included). Out: runs without a copy of weights, inputs or gradients.

import koffi from 'koffi'
import { tensorDataType } from '../graph/encode-model.js'
import type { Port } from '../trace/trace-program.js'
import { loadOnnxRuntime, type OnnxRuntimeApi } from './onnxruntime-library.js'
import type { PortArray, Runtime, RuntimeSession, SessionPlan, ThreadOptions } from './runtime.js'

// Errors come back as exceptions; onnxruntime need not print them too.
const logFatal = 4
const deviceAllocator = 0
const defaultMemory = 0
const optimizeAll = 99

/**
 * Bind onnxruntime through its C API.
 * @throws if the library cannot be loaded on this machine.
 */
export function nativeRuntime(options: ThreadOptions): Runtime {
  const api = loadOnnxRuntime()
  const env = api.create('CreateEnv', logFatal, 'lotion')
  const memory = api.create('CreateCpuMemoryInfo', deviceAllocator, defaultMemory)
  let open = true
  return Object.freeze({
    name: 'native' as const,
    version: api.version,
    createSession: async (plan: SessionPlan) => nativeSession(api, env, memory, plan, options),
    async close(): Promise<void> {
      if (!open) return
      open = false
      api.release('ReleaseMemoryInfo', memory)
      api.release('ReleaseEnv', env)
    },
  })
}

async function nativeSession(
  api: OnnxRuntimeApi,
  env: bigint,
  memory: bigint,
  plan: SessionPlan,
  options: ThreadOptions,
): Promise<RuntimeSession> {
  const session = await createSession(api, env, plan.model, options)
  const runOptions = api.create('CreateRunOptions')
  const inputs = portTable(api, memory, plan.inputs)
  const outputs = portTable(api, memory, plan.outputs)
  let open = true
  return Object.freeze({
    async run(from: readonly PortArray[], to: readonly PortArray[]): Promise<void> {
      inputs.bind(from)
      outputs.bind(to)
      try {
        await api.callAsync(
          'Run',
          session,
          runOptions,
          inputs.names,
          inputs.values,
          plan.inputs.length,
          outputs.names,
          plan.outputs.length,
          outputs.values,
        )
      } finally {
        inputs.unbind()
        outputs.unbind()
      }
    },
    interrupt(): void {
      if (open) api.call('RunOptionsSetTerminate', runOptions)
    },
    async close(): Promise<void> {
      if (!open) return
      open = false
      inputs.release()
      outputs.release()
      api.release('ReleaseRunOptions', runOptions)
      api.release('ReleaseSession', session)
    },
  })
}

async function createSession(
  api: OnnxRuntimeApi,
  env: bigint,
  model: Uint8Array,
  { threads, spinning }: ThreadOptions,
): Promise<bigint> {
  const options = api.create('CreateSessionOptions')
  try {
    api.call('SetIntraOpNumThreads', options, threads)
    // The environment's level does not suffice: all bindings in a process share the environment made first.
    api.call('SetSessionLogSeverityLevel', options, logFatal)
    api.call('SetSessionGraphOptimizationLevel', options, optimizeAll)
    api.call('AddSessionConfigEntry', options, 'session.intra_op.allow_spinning', spinning ? '1' : '0')
    // Threads that spun on after a run would take the cores from the optimizer step that follows it.
    api.call('AddSessionConfigEntry', options, 'session.force_spinning_stop', '1')
    const created = new BigUint64Array(1)
    await api.callAsync('CreateSessionFromArray', env, model, model.byteLength, options, created)
    return created[0] ?? 0n
  } finally {
    api.release('ReleaseSessionOptions', options)
  }
}

interface PortTable {
  /** const char *[]: the ports' names in the graph. */
  readonly names: BigUint64Array
  /** What `names` points to; held so that it outlives every run. */
  readonly texts: readonly Buffer[]
  /** OrtValue *[]: the arrays of the next run. */
  readonly values: BigUint64Array
  /** Point `values` at these arrays and keep them alive until `unbind`. */
  bind(arrays: readonly PortArray[]): void
  unbind(): void
  release(): void
}

// An OrtValue is made once for each array that a port meets (the weights, their cast point, …) and found again by identity.
function portTable(api: OnnxRuntimeApi, memory: bigint, ports: readonly Port[]): PortTable {
  const texts = ports.map(({ name }) => Buffer.from(`${name}\0`, 'utf8'))
  const values = new BigUint64Array(ports.length)
  const known = ports.map(() => new WeakMap<PortArray, bigint>())
  const live = new Set<bigint>()
  const inUse: PortArray[] = []
  // An OrtValue describes an array without owning it: when the array is collected, the description goes too.
  const collected = new FinalizationRegistry<bigint>((value) => {
    if (live.delete(value)) api.release('ReleaseValue', value)
  })
  const valueOf = (port: Port, before: WeakMap<PortArray, bigint>, array: PortArray): bigint => {
    const found = before.get(array)
    if (found !== undefined) return found
    const made = ortValue(api, memory, port, array)
    before.set(array, made)
    live.add(made)
    collected.register(array, made)
    return made
  }
  return {
    names: BigUint64Array.from(texts, (text) => koffi.address(text)),
    texts,
    values,
    bind(arrays): void {
      for (const [i, port] of ports.entries()) {
        const array = arrays[i]
        const before = known[i]
        if (array === undefined || before === undefined)
          throw new Error(`port '${port.key}': expected an array, found none`)
        values[i] = valueOf(port, before, array)
        inUse.push(array)
      }
    },
    unbind(): void {
      inUse.length = 0
    },
    release(): void {
      for (const value of live) api.release('ReleaseValue', value)
      live.clear()
      inUse.length = 0
    },
  }
}

function ortValue(api: OnnxRuntimeApi, memory: bigint, port: Port, array: PortArray): bigint {
  // Small typed arrays live in the movable heap until their buffer is asked for.
  void array.buffer
  const dims = BigInt64Array.from(port.shape, BigInt)
  return api.create(
    'CreateTensorWithDataAsOrtValue',
    memory,
    koffi.address(array),
    array.byteLength,
    dims,
    port.shape.length,
    tensorDataType[port.dtype],
  )
}
