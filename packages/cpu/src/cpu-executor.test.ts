import { describe, expect, it } from 'vitest'
import { blockOf, defineLanes, layoutOf, uniforms } from '@lotion/core'
import { flatLayout } from '@lotion/core/internal'
import { matmul } from './gemm/matmul.js'
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

  it.each([0, 1, 7, 8, 9, 1000, 2 ** 18 + 13])('draws the uniforms of the key: %d', (length) => {
    // Compared as text: element by element is slow.
    const text = (values: Float32Array): string => Buffer.from(values.buffer).toString('base64')
    for (const key of [
      { seed: 1, stream: 'w', step: 2 },
      { seed: 2 ** 53 - 1, stream: 'β', step: 2 ** 32 - 1 },
      { seed: 0, stream: '' },
    ]) {
      expect(text(cpu.uniforms(key, length)) === text(uniforms(key, length))).toBe(true)
    }
    expect(() => cpu.uniforms({ seed: 1, stream: 'w', step: -1 }, length)).toThrow(
      'step: expected a whole number',
    )
  })

  it('draws the uniforms of a part as those of the whole', () => {
    const key = { seed: 3, stream: 'w', step: 1 }
    const whole = uniforms(key, 1000)
    for (const first of [0, 8, 200, 992])
      expect([...cpu.uniforms(key, 1000 - first, first)]).toEqual([...whole.subarray(first)])
    // Beyond 2^32 elements, as a tensor of several GiB has them.
    const far = 3 * 2 ** 31
    expect([...cpu.uniforms(key, 40, far)]).toEqual([...uniforms(key, 40, far)])
    expect(() => cpu.uniforms(key, 8, 4)).toThrow('first: expected a multiple of 8, found 4')
  })

  it('makes arrays where its kernels run', () => {
    const { a, b } = cpu.allocate({ a: [2, 3], b: [] })
    expect([a!.length, b!.length]).toEqual([6, 1])
    const add = defineLanes({
      name: 'add one',
      inputs: ['a'],
      outputs: ['a'],
      body: (x) => ({ a: x.a.add(1) }),
    })
    cpu.lanes([{ fn: add, inputs: { a: a! }, into: { a: a! } }])
    expect([...a!]).toEqual([1, 1, 1, 1, 1, 1])
    const found = () => cpu.report().formulas.find(({ name }) => name === 'add one')
    expect(found()).toEqual({ name: 'add one', backend: 'wasm', calls: 1, copied: 0, apart: 0 })
    cpu.lanes([{ fn: add, inputs: { a: a! } }])
    expect(found()).toEqual({ name: 'add one', backend: 'wasm', calls: 2, copied: 1, apart: 0 })
  })

  it('names an option out of its range', () => {
    for (const threads of [0, 1.5, 257, 2000]) {
      const expected = `threads: expected a whole number from 1 to 256, found ${threads}`
      expect(() => cpuExecutor({ threads })).toThrow(expected)
    }
    for (const wasm of [true, 0, 'simd'])
      expect(() => cpuExecutor({ wasm: wasm as never })).toThrow("wasm: expected 'auto' or false, found ")
    expect(() => cpuExecutor({ thread: 2 } as never)).toThrow(
      "cpuExecutor: unknown option 'thread', did you mean 'threads'?; options: threads, wasm",
    )
  })

  it.each([
    [[Number.NaN], 'NaN'],
    [[1.5], '1.5'],
    [['3'], '3'],
    [[2, -1], '2, -1'],
    [[Infinity], 'Infinity'],
  ])('makes no array of shape %j', (shape, found) => {
    const wrong = shape as readonly number[]
    const message = `shape: expected whole extents of at least 0, found [${found}]`
    expect(() => cpu.zeros(wrong)).toThrow(message)
    expect(() => cpu.upload(Float32Array.of(1), wrong)).toThrow(message)
    expect(() => cpu.allocate({ w: wrong })).toThrow(message)
  })

  it('names an argument of another kind, before anything is written', () => {
    const x = Float32Array.of(1, 2, 3, 4)
    const add = defineLanes({
      name: 'add one',
      inputs: ['a'],
      outputs: ['a'],
      body: ({ a }) => ({ a: a.add(1) }),
    })
    const wrong = (value: unknown) => value as Float32Array
    const call = (a: unknown, into?: unknown) => () =>
      cpu.lanes([
        { fn: add, inputs: { a: x }, into: { a: x } },
        { fn: add, inputs: { a: wrong(a) }, ...(into === undefined ? {} : { into: { a: wrong(into) } }) },
      ])
    expect(call([1, 2])).toThrow("add one: input 'a': expected a Float32Array or a number, found Array")
    expect(call(Float64Array.of(1))).toThrow(
      "add one: input 'a': expected a Float32Array or a number, found Float64Array",
    )
    expect(call(undefined)).toThrow(
      "add one: input 'a': expected a Float32Array or a number, found undefined",
    )
    expect(call(x, [1])).toThrow("add one: into 'a': expected a Float32Array, found Array")
    const square = { data: x, shape: [2, 2] }
    expect(() => matmul(cpu, square, wrong(undefined) as never)).toThrow(
      'b: expected a tensor { data, shape }, found undefined',
    )
    expect(() => matmul(cpu, wrong(x) as never, square)).toThrow(
      'a: expected a tensor { data, shape }, found Float32Array',
    )
    expect(() => matmul(cpu, square, { data: wrong([1, 2, 3, 4]), shape: [2, 2] })).toThrow(
      'b.data: expected a Float32Array, found Array',
    )
    expect(() => matmul(cpu, square, square, { into: wrong([0, 0, 0, 0]) })).toThrow(
      'into: expected a Float32Array, found Array',
    )
    expect(() => cpu.upload(wrong([1]), [1])).toThrow('data: expected a Float32Array, found Array')
    expect([...x]).toEqual([1, 2, 3, 4])
  })
})
