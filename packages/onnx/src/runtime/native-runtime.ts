// Native binding, part 2: sessions that read and write JavaScript's memory in place, off the event loop.
// Comes in: models and host arrays (shared memory included). Goes out: runs without a copy of weights, inputs
// or gradients.

import { abandonedOwners } from './abandoned-owners.js'
import { loadOnnxRuntime, type OnnxRuntimeApi } from './onnxruntime-library.js'
import { portTable } from './port-table.js'
import type { PortArray, Runtime, RuntimeSession, SessionPlan, ThreadOptions } from './runtime.js'
import { ownArrays, stagedArrays, type OwnArrays } from './staged-arrays.js'

// Errors come back as exceptions; onnxruntime need not print them too.
const LOG_FATAL = 4
const DEVICE_ALLOCATOR = 0
const DEFAULT_MEMORY = 0
const OPTIMIZE_ALL = 99

const owners = abandonedOwners()

/**
 * Bind onnxruntime through its C API. Arrays in shared memory are used in place, others through copies.
 * @throws if the library cannot be loaded on this machine.
 */
export async function nativeRuntime(options: ThreadOptions): Promise<Runtime> {
  const api = await loadOnnxRuntime()
  const release = openEnvironment(api)
  const own = ownArrays()
  const runtime: Runtime = Object.freeze({
    name: 'native' as const,
    version: api.version,
    stagingArray: own.make,
    createSession: async (plan: SessionPlan) => nativeSession(api, own, plan, options),
    async close(): Promise<void> {
      owners.unregister(runtime)
      release()
    },
  })
  owners.register(runtime, release)
  return runtime
}

/** Have the process's environment live from here to the call of what is returned. It counts its users. */
function openEnvironment(api: OnnxRuntimeApi): () => void {
  const env = api.create('CreateEnv', LOG_FATAL, 'lotion')
  return once(() => api.release('ReleaseEnv', env))
}

async function nativeSession(
  api: OnnxRuntimeApi,
  own: OwnArrays,
  plan: SessionPlan,
  options: ThreadOptions,
): Promise<RuntimeSession> {
  const inPlace = (array: PortArray): boolean => own.has(array) || array.buffer instanceof SharedArrayBuffer
  const inputs = stagedArrays(plan.inputs, own, inPlace)
  const outputs = stagedArrays(plan.outputs, own, inPlace)
  const open = await openSession(api, plan, options)
  const session: RuntimeSession = Object.freeze({
    async run(from: readonly PortArray[], to: readonly PortArray[]): Promise<void> {
      const places = [inputs.inputs(from), outputs.outputs(to)] as const
      await owners.during(session, () => open.run(...places))
      outputs.deliver(to)
    },
    interrupt: open.interrupt,
    async close(): Promise<void> {
      owners.unregister(session)
      open.close()
    },
  })
  owners.register(session, open.close)
  return session
}

/** A session of the C API with all that belongs to it; knows nothing of its owner. */
interface OpenSession {
  run(inputs: readonly PortArray[], outputs: readonly PortArray[]): Promise<void>
  interrupt(): void
  close(): void
}

async function openSession(
  api: OnnxRuntimeApi,
  plan: SessionPlan,
  options: ThreadOptions,
): Promise<OpenSession> {
  // A session must not outlive the environment, and its engine may be gone before it.
  const releaseEnvironment = openEnvironment(api)
  const session = await createSession(api, plan.model, options).catch((error: unknown) => {
    releaseEnvironment()
    throw error
  })
  const keep = api.releaseAtThreadEnd('ReleaseSession', session)
  const memory = api.create('CreateCpuMemoryInfo', DEVICE_ALLOCATOR, DEFAULT_MEMORY)
  const runOptions = api.create('CreateRunOptions')
  const inputs = portTable(api, memory, plan.inputs)
  const outputs = portTable(api, memory, plan.outputs)
  let isOpen = true
  return {
    async run(from, to): Promise<void> {
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
      if (isOpen) api.call('RunOptionsSetTerminate', runOptions)
    },
    close: once(() => {
      isOpen = false
      keep()
      inputs.release()
      outputs.release()
      api.release('ReleaseRunOptions', runOptions)
      api.release('ReleaseMemoryInfo', memory)
      api.release('ReleaseSession', session)
      releaseEnvironment()
    }),
  }
}

function once(call: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    call()
  }
}

async function createSession(
  api: OnnxRuntimeApi,
  model: Uint8Array,
  { threads, spinning }: ThreadOptions,
): Promise<bigint> {
  const env = api.create('CreateEnv', LOG_FATAL, 'lotion')
  const options = api.create('CreateSessionOptions')
  try {
    api.call('SetIntraOpNumThreads', options, threads)
    // The environment's level does not suffice: all bindings in a process share the environment made first.
    api.call('SetSessionLogSeverityLevel', options, LOG_FATAL)
    api.call('SetSessionGraphOptimizationLevel', options, OPTIMIZE_ALL)
    // Patterns of earlier runs reserve all activations as one block, more than a run has alive at once.
    api.call('DisableMemPattern', options)
    api.call('AddSessionConfigEntry', options, 'session.intra_op.allow_spinning', spinning ? '1' : '0')
    // Threads that spun on after a run would take the cores from the optimizer step that follows it.
    api.call('AddSessionConfigEntry', options, 'session.force_spinning_stop', '1')
    const created = new BigUint64Array(1)
    await api.callAsync('CreateSessionFromArray', env, model, model.byteLength, options, created)
    return created[0] ?? 0n
  } finally {
    api.release('ReleaseSessionOptions', options)
    api.release('ReleaseEnv', env)
  }
}
