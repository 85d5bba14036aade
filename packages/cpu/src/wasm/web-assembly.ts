// The part of the WebAssembly API that this package uses, and whether this machine has SIMD.
// Comes in: nothing. Goes out: typed constructors. Neither the ES typings nor Node's declare WebAssembly.
// Source: WebAssembly JavaScript Interface 2.0.

/** One linear memory; `buffer` is a new object after every growth. */
export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer
  /** Add pages; returns how many there were. */
  grow(pages: number): number
}

/** An instance's exported functions. */
export type WebAssemblyExports = Readonly<Record<string, (...args: number[]) => void>>

interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: WebAssemblyMemory } },
  ) => { readonly exports: WebAssemblyExports }
  readonly Memory: new (limits: {
    readonly initial: number
    readonly maximum: number
    readonly shared: boolean
  }) => WebAssemblyMemory
}

/** The platform's WebAssembly, if it has any. */
export const webAssembly: WebAssemblyApi | undefined = (
  globalThis as { readonly WebAssembly?: WebAssemblyApi }
).WebAssembly

/** Bytes of a page: the unit in which memories grow. */
export const PAGE_BYTES = 65536

/** Most pages of a memory with 32-bit addresses: 4 GiB. */
export const MAX_PAGES = 65536
