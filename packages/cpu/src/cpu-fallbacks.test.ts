import { afterEach, describe, expect, it, vi } from 'vitest'
import { blockOf, defineLanes, layoutOf, trace, type LaneGraph } from '@lotion/core'
import { cpuExecutor } from './cpu-executor.js'
import { withoutSimd } from './wasm/emit/vector-expression.js'

// Neither the ES typings nor Node's declare it.
declare const WebAssembly: object

describe('an executor without all that it could use', () => {
  afterEach(() => void vi.unstubAllGlobals())

  /** Clip to the norm, over two calls: a total, a value per block, one per weight. */
  const clip = defineLanes({
    name: 'clip',
    inputs: ['a'],
    outputs: ['a', 'top', 'norm'],
    body: ({ a }) => {
      const norm = a.mul(a).total('norm').sqrt()
      return { a: a.div(norm.max(1)), top: a.abs().blockMax(), norm }
    },
  })
  const results = (executor: ReturnType<typeof cpuExecutor>): number[][] => {
    const calls = [
      [3, 0.1, -0.2],
      [0.7, 4],
    ].map((values) => ({
      fn: clip,
      inputs: { a: executor.upload(Float32Array.from(values), [values.length]) },
      layout: layoutOf([values.length], blockOf(2)),
    }))
    return executor.lanes(calls).flatMap((out) => Object.values(out).map((array) => [...array]))
  }
  const expected = results(cpuExecutor())

  it('runs JavaScript, and says so', () => {
    const js = cpuExecutor({ wasm: false })
    expect(results(js)).toEqual(expected)
    expect(js.report()).toMatchObject({
      backend: 'js',
      threads: 1,
      memoryBytes: 0,
      reasons: ['wasm: false'],
      formulas: [{ name: 'clip', backend: 'js', calls: 2, copied: 0, apart: 0 }],
    })
  })

  it('runs the definition where code may not be made from text', () => {
    vi.stubGlobal(
      'Function',
      vi.fn<() => void>(function () {
        throw new EvalError('unsafe-eval')
      }),
    )
    const interpreter = cpuExecutor({ wasm: false })
    vi.unstubAllGlobals()
    expect(results(interpreter)).toEqual(expected)
    expect(interpreter.report()).toMatchObject({
      backend: 'interpreter',
      reasons: ['wasm: false', 'code may not be made from text here (content security policy)'],
    })
  })

  it('runs JavaScript where modules may not be compiled', async () => {
    vi.resetModules()
    vi.stubGlobal('WebAssembly', {
      ...Object.fromEntries(
        Object.getOwnPropertyNames(WebAssembly).map((name) => [
          name,
          Reflect.get(WebAssembly, name) as unknown,
        ]),
      ),
      Module: vi.fn<() => void>(function () {
        throw new Error('unsafe-eval')
      }),
    })
    const fresh = await import('./cpu-executor.js')
    const js = fresh.cpuExecutor()
    expect(js.report()).toMatchObject({
      backend: 'js',
      reasons: ['WebAssembly is not to be had: unsafe-eval'],
    })
    vi.unstubAllGlobals()
    expect(results(js)).toEqual(expected)
  })

  it('copies in and out where memory cannot be shared', () => {
    vi.stubGlobal('SharedArrayBuffer', undefined)
    const alone = cpuExecutor({ threads: 2 })
    const { backend, threads, reasons } = alone.report()
    vi.unstubAllGlobals()
    expect([backend, threads, reasons]).toEqual(['wasm', 1, [expect.stringContaining('no shared memory')]])
    expect(results(alone)).toEqual(expected)
    expect(alone.report().formulas).toEqual([
      { name: 'clip', backend: 'wasm', calls: 2, copied: 2, apart: 0 },
    ])
  })

  it('says which operation has no vector form', () => {
    const graph = trace(clip)
    expect(withoutSimd(graph)).toBeUndefined()
    const with_ = (change: object): LaneGraph => ({ ...graph, nodes: [{ ...graph.nodes[0]!, ...change }] })
    expect(withoutSimd(with_({ kind: 'unary', op: 'exp' }))).toBe("'exp' has no WebAssembly form")
    expect(withoutSimd(with_({ kind: 'reduce', how: 'blockMin' }))).toBe("'blockMin' has no WebAssembly form")
    const long = Array.from({ length: 1025 }, () => graph.nodes[0]!)
    expect(withoutSimd({ ...graph, nodes: long })).toBe('1025 operations, at most 1024 are compiled')
  })
})
