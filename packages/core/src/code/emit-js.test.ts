import { describe, expect, it } from 'vitest'
import { blockOf, flatLayout, layoutOf, type BlockLayout } from '../blocks.js'
import { emitJs, type JsProgram } from './emit-js.js'
import { defineLanes, trace, type Lane } from '../lanes/lane.js'
import { totalsOf } from '../schedule/totals.js'

// That emitted code equals the evaluation on random formulas is proved beside the executor, in @lotion/cpu.

const formula = (body: (x: { a: Lane; b: Lane; s: Lane }) => Readonly<Record<'y' | 'z', Lane>>) =>
  trace(defineLanes({ name: 'f', inputs: ['a', 'b'], scalars: ['s'], outputs: ['y', 'z'], body }))

function run(
  program: JsProgram,
  arrays: readonly number[][],
  scalars: readonly number[],
  layout: BlockLayout,
) {
  const outputs = program.outputs.map(() => new Float64Array(4))
  const body = new Function('arrays', 'scalars', 'outputs', 'layout', program.source) as (
    ...args: readonly unknown[]
  ) => readonly number[]
  return { totals: body(arrays, scalars, outputs, layout), outputs: outputs.map((values) => [...values]) }
}

describe('emitJs', () => {
  it('lists its arguments in the order of the generated code', () => {
    const graph = formula(({ a, b, s }) => ({ y: b.mul(s).add(a.total('n')), z: a.blockSum() }))
    const outputs = emitJs(graph, 'outputs', 'f64')
    expect(outputs).toMatchObject({
      arrays: ['a', 'b'],
      scalars: ['s', 'total:n'],
      outputs: ['y', 'z'],
      totals: [],
    })
    expect(
      run(
        outputs,
        [
          [10, 20, 30, 40],
          [1, 2, 3, 4],
        ],
        [2, 5],
        layoutOf([4], blockOf(2)),
      ),
    ).toEqual({
      totals: [],
      outputs: [
        [7, 9, 11, 13],
        [30, 70, 0, 0],
      ],
    })
    const totals = emitJs(graph, totalsOf(graph), 'f64')
    expect(totals).toMatchObject({ arrays: ['a'], scalars: [], outputs: [], totals: ['n'] })
    expect(run(totals, [[10, 20, 30, 40]], [], flatLayout(4)).totals).toEqual([100])
  })

  it.each([0, -0, NaN, Infinity, -Infinity, 1e-45, -1e300, 0.1])('writes the literal %d exactly', (value) => {
    const graph = formula(({ a }) => ({ y: a.less(0, a, value), z: a }))
    expect(run(emitJs(graph, 'outputs', 'f64'), [[1]], [], flatLayout(1)).outputs[0]![0]).toBe(value)
    expect(run(emitJs(graph, 'outputs', 'f32'), [[1]], [], flatLayout(1)).outputs[0]![0]).toBe(
      Math.fround(value),
    )
  })

  it('computes what is constant over a block outside the loop over its weights', () => {
    const { source } = emitJs(
      formula(({ a, s }) => ({ y: a.mul(s.sqrt()), z: a.div(a.blockMax().add(3).sqrt()) })),
      'outputs',
      'f64',
    )
    const lines = source.split('\n')
    const depthAt = (index: number): number =>
      lines
        .slice(0, index)
        .reduce((depth, line) => depth + line.split('{').length - line.split('}').length, 0)
    const depths = lines.flatMap((line, index) => (line.includes('Math.sqrt') ? [depthAt(index)] : []))
    // `const { outer, … } = layout` opens and closes on one line; a pass is one deep, its loops
    // over blocks three, over weights four.
    expect(depths).toEqual([0, 3])
  })
})
