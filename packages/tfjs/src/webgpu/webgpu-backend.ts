// The part of tfjs's webgpu backend that runs programs; its own types come with an optional package.
// Comes in: an instance of tfjs. Goes out: the backend, if it is the current one.

import type * as tfjs from '@tensorflow/tfjs-core'

/** A compute shader as the backend (4.22) takes it. The backend writes to the record: make one a run. */
export interface WebGpuProgram {
  readonly variableNames: readonly string[]
  readonly outputShape: number[]
  shaderKey: string
  readonly dispatchLayout: { readonly x: readonly number[] }
  dispatch: [number, number, number]
  readonly workgroupSize: readonly [number, number, number]
  readonly uniforms: string
  getUserCode(): string
}

/** A field of the program's uniforms. */
export interface UniformField {
  readonly type: 'float32' | 'int32' | 'uint32'
  readonly data: number[]
}

/** What is used of the backend. */
export interface WebGpuBackend {
  readonly device: {
    readonly limits: {
      readonly maxStorageBuffersPerShaderStage: number
      readonly maxStorageBufferBindingSize: number
    }
  }
  runWebGPUProgram(
    program: WebGpuProgram,
    inputs: readonly tfjs.TensorInfo[],
    dtype: 'float32',
    uniforms: readonly UniformField[],
  ): tfjs.TensorInfo
}

const runsPrograms = (backend: object): backend is WebGpuBackend =>
  'runWebGPUProgram' in backend && 'device' in backend

/** Reach the current backend; undefined if it is not webgpu. */
export function webgpuBackend(tf: typeof tfjs): WebGpuBackend | undefined {
  if (tf.getBackend() !== 'webgpu') return undefined
  const backend: object = tf.backend()
  return runsPrograms(backend) ? backend : undefined
}
