// How exact the backends of tfjs are. Comes in: a backend's name. Goes out: bounds by operation.
// Source: WGSL, accuracy of floating-point expressions (x / y: 2.5 ulp; sqrt: that of 1 / inverseSqrt;
// subnormals may be flushed); GLSL ES 3.00, section 4.5.1, says the same.

import type { ErrorBounds } from '@lotion/core'

const exactBounds: ErrorBounds = Object.freeze({})

/** Shaders: + − × are rounded correctly, quotients are not. */
const shaderBounds: ErrorBounds = Object.freeze({ ulp: Object.freeze({ div: 3, sqrt: 5 }), flushes: true })

/**
 * Bounds of a backend: none on cpu and wasm, whose results are the twin's bits; those of shading languages
 * elsewhere. They are for single operations: a sum of n numbers on a device rounds n times.
 */
export function boundsOf(backend: string): ErrorBounds {
  return backend === 'cpu' || backend === 'wasm' ? exactBounds : shaderBounds
}
