import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.js'
import { fuse } from './fuse.js'
import { defineLanes, trace } from './lane.js'

const scaled = defineLanes({
  name: 'scaled',
  inputs: ['g'],
  scalars: ['rate'],
  outputs: ['u'],
  body: ({ g, rate }) => ({ u: g.mul(rate) }),
})
const applied = defineLanes({
  name: 'applied',
  inputs: ['w', 'u'],
  outputs: ['w'],
  body: ({ w, u }) => ({ w: w.sub(u) }),
})

describe('fuse', () => {
  it('feeds outputs to later inputs of the same name', () => {
    const step = fuse('step', [scaled, applied, applied])
    expect([step.inputs, step.scalars, step.outputs]).toEqual([['g', 'w'], ['rate'], ['u', 'w']])
    const [out] = evaluate([{ fn: step, inputs: { g: [1, 2], w: [10, 20], rate: 0.5 } }])
    expect(out).toEqual({ u: Float64Array.of(0.5, 1), w: Float64Array.of(9, 18) })
  })

  it('equals running the parts one after the other, bit for bit', () => {
    const norm = defineLanes({
      name: 'norm',
      inputs: ['u'],
      outputs: ['u'],
      body: ({ u }) => ({ u: u.div(u.mul(u).total('n').sqrt()) }),
    })
    const inputs = { g: [0.1, -0.7, 3e-5, 12], w: [1, 2, 3, 4], rate: 0.3 }
    const [fused] = evaluate([{ fn: fuse('all', [scaled, norm, applied]), inputs }], 'f32')
    const [u] = evaluate([{ fn: scaled, inputs }], 'f32')
    const [n] = evaluate([{ fn: norm, inputs: { u: u!['u']! } }], 'f32')
    const [w] = evaluate([{ fn: applied, inputs: { w: inputs.w, u: n!['u']! } }], 'f32')
    expect(fused!['w']).toEqual(w!['w'])
  })

  it('shares what parts have in common', () => {
    const part = (out: string) =>
      defineLanes({ name: out, inputs: ['a'], outputs: [out], body: ({ a }) => ({ [out]: a.mul(a).add(1) }) })
    expect(trace(fuse('both', [part('p'), part('q')])).nodes).toHaveLength(4)
  })

  it('hides from a part what it does not declare', () => {
    const loose = defineLanes({
      name: 'loose',
      inputs: ['a'],
      outputs: ['p'],
      body: ({ a }) => ({ p: a.add(1), b: a.mul(100) }),
    })
    const reads = defineLanes({
      name: 'reads',
      inputs: ['b'],
      outputs: ['q'],
      body: ({ b }) => ({ q: b.add(1) }),
    })
    const [out] = evaluate([{ fn: fuse('f', [loose, reads]), inputs: { a: [1], b: [5] } }])
    expect(out!['q']).toEqual(Float64Array.of(6))
  })

  it('names a part that breaks its declaration, and a name used for two kinds of value', () => {
    const forgetful = defineLanes({
      name: 'forgetful',
      inputs: ['w'],
      outputs: ['w'],
      body: () => ({}) as never,
    })
    expect(() => trace(fuse('f', [forgetful]))).toThrow(
      "forgetful: output 'w' is declared but its body does not return it",
    )
    const other = defineLanes({
      name: 'other',
      inputs: ['rate'],
      outputs: ['y'],
      body: ({ rate }) => ({ y: rate }),
    })
    expect(() => fuse('f', [scaled, other])).toThrow(
      "f: 'rate' is one value per weight in one part and one per call in another",
    )
  })
})
