// Frame of a trace: makes the recording backend current, runs a function under it, and puts tfjs back as it
// was. Comes in: kernel rules and a synchronous function. Goes out: the function's result; tfjs's backend,
// registry and tape are restored on success and on failure.

import * as tf from '@tensorflow/tfjs-core'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import type { KernelRule } from '../kernels/kernel-rule.js'
import { TraceBackend } from './trace-backend.js'

/** Hold what a trace needs: where to record, by which rules, and how much data a constant may hold. */
export interface TraceSettings {
  readonly graph: GraphBuilder
  readonly rules: ReadonlyMap<string, KernelRule>
  readonly maxConstantBytes: number
  /** Told of every kernel with its operands before it is lowered; returns what to tell of its result. */
  readonly watch?: (
    kernel: string,
    operands: Readonly<Record<string, GraphTensor>>,
    attributes: object,
  ) => (result: GraphTensor) => void
}

/** Convert between tfjs tensors and graph values inside a trace. */
export interface TraceScope {
  tensor(value: GraphTensor): tf.Tensor
  value(tensor: tf.Tensor): GraphTensor
}

const BACKEND_NAME = 'lotion-onnx-trace'

/**
 * Run a function with the recording backend current. The function must be synchronous.
 * @throws what the function or a kernel rule throws; a kernel without a rule is named.
 */
export function tracedScope<R>(settings: TraceSettings, run: (scope: TraceScope) => R): R {
  const engine = tf.engine()
  const previous: string | null | undefined = engine.backendName
  if (previous === BACKEND_NAME) {
    throw new Error(
      'a traced function called a traced step; compile and run steps outside of the function being traced',
    )
  }
  const backend = new TraceBackend(settings.graph, settings.maxConstantBytes)
  tf.registerBackend(BACKEND_NAME, () => backend)
  registerKernels(settings, backend)
  const reads = refuseReads(engine)
  try {
    // With a synchronous factory the switch happens before setBackend returns its promise.
    void engine.setBackend(BACKEND_NAME)
    if (engine.backend !== backend) throw new Error('tfjs did not switch to the recording backend')
    const scope: TraceScope = {
      tensor: (value) => {
        const { dataId, shape, dtype } = backend.handle(value)
        return engine.makeTensorFromDataId(dataId, shape, dtype)
      },
      value: (tensor) => backend.value(tensor, 'the result of the traced function'),
    }
    let result: { readonly value: R } | undefined
    try {
      tf.tidy(() => {
        result = { value: run(scope) }
      })
    } finally {
      reads.check()
    }
    if (result === undefined) throw new Error('the traced function did not run')
    return result.value
  } finally {
    reads.restore()
    for (const kernel of tf.getKernelsForBackend(BACKEND_NAME))
      tf.unregisterKernel(kernel.kernelName, BACKEND_NAME)
    tf.removeBackend(BACKEND_NAME)
    // Without a backend before, tfjs goes back to choosing one at its first operation.
    if (previous) void engine.setBackend(previous)
  }
}

function registerKernels({ graph, rules, watch }: TraceSettings, backend: TraceBackend): void {
  for (const rule of rules.values()) {
    tf.registerKernel({
      kernelName: rule.kernel,
      backendName: BACKEND_NAME,
      kernelFunc: ({ inputs, attrs }) => {
        const values = Object.entries(inputs).flatMap(([name, tensor]: [string, unknown]) =>
          tensor === undefined || tensor === null
            ? []
            : [[name, backend.value(infoOf(tensor), rule.kernel)] as const],
        )
        const operands = Object.fromEntries(values)
        const attributes = given(attrs ?? {})
        const seen = watch?.(rule.kernel, operands, attributes)
        const results = named(rule.kernel, () => rule.lower(graph, operands, attributes))
        if (!isList(results)) seen?.(results)
        return isList(results) ? results.map((result) => backend.handle(result)) : backend.handle(results)
      },
    })
  }
  for (const kernelName of knownKernels()) {
    if (rules.has(kernelName)) continue
    tf.registerKernel({
      kernelName,
      backendName: BACKEND_NAME,
      kernelFunc: () => {
        throw new Error(missingRule(kernelName))
      },
    })
  }
}

// tfjs's layers write null for what was not chosen, its operations leave it out: rules see it left out.
const given = (attributes: object): object =>
  Object.fromEntries(
    Object.entries(attributes).filter(
      ([, value]: [string, unknown]) => value !== null && value !== undefined,
    ),
  )

// Kernels of every backend in the process: one without a rule here then fails by name instead of inside tfjs.
function knownKernels(): ReadonlySet<string> {
  const backends = ['cpu', 'wasm', 'webgl', 'webgpu', 'tensorflow']
  return new Set(
    backends.flatMap((name) => tf.getKernelsForBackend(name).map(({ kernelName }) => kernelName)),
  )
}

function missingRule(kernel: string): string {
  const advice =
    kernel === 'Multinomial'
      ? 'it is random and would repeat the same draw every step; sample outside and pass the result in through batch'
      : `add one: onnxEngine({ kernels: [defineKernel('${kernel}', (graph, inputs, attributes) => graph.emit(…))] })`
  return `tfjs kernel '${kernel}' has no rule for tracing to ONNX; ${advice}`
}

function named<R>(kernel: string, lower: () => R): R {
  try {
    return lower()
  } catch (error) {
    throw new Error(`${kernel}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

interface ReadGuard {
  /** @throws if anything was read, which explains whatever else went wrong after it. */
  check(): void
  restore(): void
}

// Reading a tensor made before the trace would work and freeze what depends on it: refuse at the engine, for
// every backend. data() and array() cannot throw (they are asynchronous), so an attempt is remembered and
// reported when the function ends.
function refuseReads(engine: ReturnType<typeof tf.engine>): ReadGuard {
  const attempts: Error[] = []
  const refuse = (): Error => {
    const error = new Error(
      'a tensor was read (data, dataSync, array, arraySync or print) inside a traced function, where no numbers exist yet; ' +
        'return it as an output of engine.forward, or write the decision with tf.where',
    )
    attempts.push(error)
    return error
  }
  Object.assign(engine, {
    readSync: (): never => {
      throw refuse()
    },
    // Never settled: whoever waits for it belongs to a trace that fails.
    read: (): Promise<never> => {
      refuse()
      return new Promise(() => {})
    },
  })
  return {
    check(): void {
      const [first] = attempts
      if (first !== undefined) throw first
    },
    restore(): void {
      // The refusals are instance properties that shadow the class's methods: without them the methods are
      // back.
      for (const method of ['read', 'readSync']) Reflect.deleteProperty(engine, method)
    },
  }
}

const isList = (results: GraphTensor | readonly GraphTensor[]): results is readonly GraphTensor[] =>
  Array.isArray(results)

// Kernels receive tensors under a wider type (arrays of tensors for list operands never reach a kernel by
// themselves).
const infoOf = (tensor: unknown): tf.TensorInfo => tensor as tf.TensorInfo
