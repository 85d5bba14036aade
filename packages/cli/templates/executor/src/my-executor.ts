// An executor: what runs formulas over arrays. This one evaluates them in the arithmetic of f64; put your
// device in its place.

import { checkUpload, evaluate, sizeOf, uniforms, type Executor } from '@lotion/core'

/** Runs lane functions over `Float64Array`, by the evaluation that defines them. */
export const myExecutor: Executor<Float64Array> = Object.freeze({
  name: 'my-executor',
  arithmetic: 'f64',
  // Several calls as one: totals add up over them, in the order of the calls. `into` says which outputs
  // replace which arrays.
  lanes: (calls) => {
    const results = evaluate(calls)
    return results.map((outputs, i) => {
      const into = calls[i]?.into ?? {}
      for (const [name, array] of Object.entries(into)) array.set(outputs[name] ?? [])
      return { ...outputs, ...into }
    })
  },
  uniforms: (key, length) => Float64Array.from(uniforms(key, length)),
  zeros: (shape) => new Float64Array(sizeOf(shape)),
  upload: (data, shape) => {
    checkUpload(data, shape)
    return Float64Array.from(data)
  },
  read: async (array) => Float32Array.from(array),
} satisfies Executor<Float64Array>)
