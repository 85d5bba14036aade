// Native binding, part 3: what the C API is told of the arrays of a run. Comes in: ports and the arrays of
// the next run. Goes out: pointers to their names and values, alive as long as the run.

import { onnxMessages } from '@lotion/core/internal'
import type { Port } from '../trace/trace-program.js'
import type { OnnxRuntimeApi } from './onnxruntime-library.js'
import type { PortArray } from './runtime.js'

/** Names and values of a session's inputs or outputs. */
export interface PortTable {
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

/**
 * Make the table of some ports. An OrtValue is made once for each array that a port meets (the weights, their
 * cast point, …) and found again by identity.
 */
export function portTable(api: OnnxRuntimeApi, memory: bigint, ports: readonly Port[]): PortTable {
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
    names: BigUint64Array.from(texts, (text) => api.address(text)),
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
  const dims = BigInt64Array.from(port.shape, BigInt)
  return api.create(
    'CreateTensorWithDataAsOrtValue',
    memory,
    api.address(array),
    array.byteLength,
    dims,
    port.shape.length,
    onnxMessages.typeNumbers[port.dtype],
  )
}
