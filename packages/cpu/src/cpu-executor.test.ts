import { describe, expect, it } from 'vitest'
import { blockOf, defineLanes, flatLayout, layoutOf, uniforms } from '@lotion/core'
import { cpuExecutor } from './cpu-executor.js'

// That results equal the f32 twin bit for bit is proved on random formulas in random-formulas.test.ts.

const cpu = cpuExecutor()

describe('calls', () => {
  const halve = defineLanes({
    name: 'halve',
    inputs: ['w'],
    scalars: ['by'],
    outputs: ['w', 'm'],
    body: ({ w, by }) => ({ w: w.div(by), m: w.blockMax() }),
  })

  it('writes where it is told and makes the rest', () => {
    const w = Float32Array.of(2, 4)
    const [out] = cpu.lanes([{ fn: halve, inputs: { w, by: Float32Array.of(2) }, into: { w } }])
    expect(out!['w']).toBe(w)
    expect([[...w], [...out!['m']!]]).toEqual([[1, 2], [4]])
  })

  it('overwrites an input with a value per block only after its weights have been read', () => {
    const w = Float32Array.of(2, -4)
    const [out] = cpu.lanes([
      { fn: halve, inputs: { w, by: 2 }, layout: layoutOf([2], blockOf(1)), into: { m: w } },
    ])
    expect([[...out!['w']!], [...w]]).toEqual([
      [1, -2],
      [2, 0],
    ])
  })

  it('adds totals over calls of different formulas that need them at different stages', () => {
    const plain = defineLanes({
      name: 'plain',
      inputs: ['a'],
      outputs: ['y'],
      body: ({ a }) => ({ y: a.total('n') }),
    })
    const late = defineLanes({
      name: 'late',
      inputs: ['a'],
      outputs: ['y'],
      body: ({ a }) => ({ y: a.mul(a.total('m')).total('n') }),
    })
    const calls = [
      { fn: plain, inputs: { a: Float32Array.of(1, 2) } },
      { fn: late, inputs: { a: Float32Array.of(3, 4) } },
    ]
    expect(cpu.lanes(calls).map((out) => [...out['y']!])).toEqual([[52], [52]])
  })

  it('runs over nothing', () => {
    const [out] = cpu.lanes([{ fn: halve, inputs: { w: new Float32Array(0), by: 2 }, layout: flatLayout(0) }])
    expect(out).toEqual({ w: new Float32Array(0), m: new Float32Array(0) })
    expect(cpu.lanes([])).toEqual([])
  })

  it('takes a number for a whole input and shared memory for an array', () => {
    const w = new Float32Array(new SharedArrayBuffer(8)).fill(6)
    cpu.lanes([{ fn: halve, inputs: { w, by: 3 }, into: { w } }])
    expect([...w]).toEqual([2, 2])
    expect(cpu.lanes([{ fn: halve, inputs: { w: 3, by: 2 }, layout: flatLayout(2) }])[0]!['w']).toEqual(
      Float32Array.of(1.5, 1.5),
    )
  })

  it('names a wrong argument before it writes anything', () => {
    const good = Float32Array.of(2, 4)
    const after = (call: Partial<Parameters<typeof cpu.lanes>[0][number]>) => () =>
      cpu.lanes([
        { fn: halve, inputs: { w: good, by: 2 }, into: { w: good } },
        { fn: halve, inputs: { w: Float32Array.of(1), by: 2 }, ...call },
      ])
    expect(after({ inputs: { by: 2 } })).toThrow("halve: input 'w' is missing")
    expect(after({ inputs: { w: good } })).toThrow("halve: scalar 'by' is missing")
    expect(after({ inputs: { w: good, by: good } })).toThrow(
      "halve: scalar 'by': expected a single value, found 2",
    )
    expect(after({ layout: flatLayout(3) })).toThrow("halve: input 'w': expected 3 weights, found 1")
    expect(after({ into: { w: good } })).toThrow(
      "halve: output 'w': expected an array of 1 (one value a weight), found 2",
    )
    expect(after({ into: { m: good } })).toThrow(
      "halve: output 'm': expected an array of 1 (one value a block), found 2",
    )
    expect(after({ into: { x: good } })).toThrow("halve: into: 'x' is not an output; outputs: w, m")
    expect([...good]).toEqual([2, 4])
  })
})

describe('arrays', () => {
  it('copies in and out', async () => {
    const data = Float32Array.of(1, 2)
    const x = cpu.upload(data, [2])
    data[0] = 9
    const back = await cpu.read(x)
    back[1] = 9
    expect([...x]).toEqual([1, 2])
    expect(cpu.zeros([2, 3])).toEqual(new Float32Array(6))
    expect(() => cpu.upload(data, [3])).toThrow('data: expected 3 values for shape [3], found 2')
  })

  it('draws the uniforms of the key', () => {
    const key = { seed: 1, stream: 'w', step: 2 }
    expect(cpu.uniforms(key, 5)).toEqual(uniforms(key, 5))
  })
})
