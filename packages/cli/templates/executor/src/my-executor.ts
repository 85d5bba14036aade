// An executor: what runs formulas over arrays. This one evaluates them, slowly; put your device in its place.

import { checkUpload, evaluate, sizeOf, uniforms, type Executor } from '@lotion/core'

/** Runs lane functions over `Float32Array`, by the evaluation that defines them. */
export const myExecutor: Executor<Float32Array> = Object.freeze({
  name: 'my-executor',
  arithmetic: 'f32',
  // Several calls as one: totals add up over them, in the order of the calls. `into` says which arrays the
  // outputs are written to; training depends on it.
  lanes: (calls) =>
    evaluate(calls, 'f32').map((outputs, i) => {
      const into = calls[i]?.into ?? {}
      return Object.fromEntries(
        Object.entries(outputs).map(([name, values]) => {
          const array = into[name] ?? new Float32Array(values.length)
          array.set(values)
          return [name, array]
        }),
      )
    }),
  uniforms: (key, length) => Float32Array.from(uniforms(key, length)),
  zeros: (shape) => new Float32Array(sizeOf(shape)),
  upload: (data, shape) => {
    checkUpload(data, shape)
    return Float32Array.from(data)
  },
  read: async (array) => Float32Array.from(array),
} satisfies Executor<Float32Array>)
