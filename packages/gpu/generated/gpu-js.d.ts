// gpu.js as far as it is taken; src/gpu-js.ts has the types of what is used.
/** @internal */
export declare const GPU: unknown
/** @internal */
export declare const WebGPUBufferResult: unknown
/** @internal */
export declare const WebGPUContext: unknown
