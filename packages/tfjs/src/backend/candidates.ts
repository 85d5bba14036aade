// The backends there are, in order of preference, and what each needs before it can be set.
// Comes in: an instance of tfjs, a loader of packages. Goes out: candidates. Source: docs/design/09-tfjs.md.

import type * as tfjs from '@tensorflow/tfjs-core'
import { graphicsAdapter, provideGpu, type GpuLike } from './graphics-adapter.js'
import { loaded, type Importer } from './importer.js'

/** What was found: usable and why it is taken, or why not. */
export interface Found {
  readonly usable: boolean
  readonly reason: string
}

/** A backend that may be had. */
export interface Candidate {
  readonly name: string
  /** What tfjs calls it. */
  readonly backend: string
  /** Load what it needs. */
  prepare(): Promise<Found>
}

/** What candidates are made from. */
export interface Surroundings {
  readonly tf: typeof tfjs
  readonly importer: Importer
  readonly gpu: GpuLike | undefined
  readonly browser: boolean
  readonly software: boolean
}

/** List the candidates, best first. */
export function candidatesFor(here: Surroundings): readonly Candidate[] {
  const { tf, importer, browser } = here
  const known = (backend: string): boolean => tf.findBackendFactory(backend) !== null

  const packaged = (backend: string, name: string, reason: string): Candidate => ({
    name: backend,
    backend,
    prepare: async () => {
      if (!known(backend) && !(await has(importer, name))) return missing(name)
      return { usable: true, reason }
    },
  })
  const tensorflow = (name: string): Candidate => ({
    name,
    backend: 'tensorflow',
    prepare: async () => {
      if (!(await has(importer, `@tensorflow/${name}`))) return missing(`@tensorflow/${name}`)
      return { usable: true, reason: `@tensorflow/${name} is installed: TensorFlow's own kernels` }
    },
  })
  const webgpu: Candidate = {
    name: 'webgpu',
    backend: 'webgpu',
    prepare: async () => {
      const found = await graphicsAdapter(here)
      if (!found.gpu) return { usable: false, reason: found.reason }
      provideGpu(found.gpu)
      if (!known('webgpu') && !(await has(importer, '@tensorflow/tfjs-backend-webgpu')))
        return missing('@tensorflow/tfjs-backend-webgpu')
      return { usable: true, reason: found.reason }
    },
  }
  const wasm = packaged('wasm', '@tensorflow/tfjs-backend-wasm', 'WebAssembly, exact f32 arithmetic')
  const cpu = packaged('cpu', '@tensorflow/tfjs-backend-cpu', 'always there: plain JavaScript')
  if (browser) {
    return [
      webgpu,
      packaged('webgl', '@tensorflow/tfjs-backend-webgl', 'WebGL with 32-bit floats'),
      wasm,
      cpu,
    ]
  }
  return [webgpu, tensorflow('tfjs-node-gpu'), tensorflow('tfjs-node'), wasm, cpu]
}

const has = async (importer: Importer, name: string): Promise<boolean> =>
  (await loaded(importer, name)) !== undefined

const missing = (name: string): Found => ({ usable: false, reason: `${name} is not installed` })
