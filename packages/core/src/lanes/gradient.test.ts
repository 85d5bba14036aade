import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockOf, layoutOf, type BlockLayout } from '../blocks.js'
import { evaluate } from '../evaluate.js'
import { gradient, type GradientOptions } from './gradient.js'
import { defineLanes, trace, type Lane } from './lane.js'
import { uniforms } from '../numbers/threefry.js'

interface Arguments {
  readonly a: Lane
  readonly b: Lane
  readonly s: Lane
}

/** ∂(Σ y)/∂a of a formula as a lane function, and the formula itself. */
function slopeOf(body: (x: Arguments) => Lane, options: (x: Arguments) => GradientOptions = () => ({})) {
  return defineLanes({
    name: 'slope',
    inputs: ['a', 'b'],
    scalars: ['s'],
    outputs: ['y', 'slope', 'perWeight'],
    body: (x) => {
      const y = body(x)
      const slope = gradient(y, x.a, options(x))
      // Adding 0 = a − a brings the slope to the rate of weights, whatever its own.
      return { y, slope, perWeight: x.a.sub(x.a).add(slope) }
    },
  })
}

function slopeAt(
  body: (x: Arguments) => Lane,
  a: readonly number[],
  options?: (x: Arguments) => GradientOptions,
  layout?: BlockLayout,
): number[] {
  const [out] = evaluate([
    { fn: slopeOf(body, options), inputs: { a, b: 3, s: 2 }, ...(layout ? { layout } : {}) },
  ])
  return [...out!['perWeight']!]
}

/** Operations that map values of size about 1 to such values; kinks and jumps included. */
const OPERATIONS: readonly ((p: Lane, q: Lane, r: Lane, t: Lane) => Lane)[] = [
  (p, q) => p.add(q),
  (p, q) => p.sub(q),
  (p, q) => p.mul(q),
  (p, q) => p.div(q.abs().add(0.5)),
  (p, q) => p.min(q),
  (p, q) => p.max(q),
  (p) => p.abs(),
  (p) => p.abs().add(0.25).sqrt(),
  (p, q) => p.mul(3).floor().mul(q),
  (p, q, r, t) => p.less(q, r, t),
  (p) => p.abs().blockMax(),
  (p) => p.blockSum().div(4),
  (p, q) => p.mul(3).binade().mul(q),
  (p) => p.abs().tensorMax(),
  (p) => p.tensorSum().div(6),
]

type Program = readonly (readonly number[])[]

/** Build a formula: each step applies an operation to earlier values, squeezed into (−1, 1). */
function build(program: Program, { a, b, s }: Arguments): Lane {
  const values = [a, b, s]
  for (const [op, ...operands] of program) {
    const [p, q, r, t] = operands.map((at) => values[at % values.length]!) as [Lane, Lane, Lane, Lane]
    const made = OPERATIONS[op!]!(p, q, r, t)
    values.push(made.div(made.abs().add(1)))
  }
  return values.at(-1)!.add(values.at(-2)!)
}

const program = fc.array(
  fc.tuple(fc.nat(OPERATIONS.length - 1), fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(99)),
  { minLength: 2, maxLength: 10 },
)

describe('gradient against central differences', () => {
  it('of random formulas with nested reductions over blocks and the tensor', () => {
    const layout = layoutOf([2, 3], blockOf(2), -1)
    const draw = (stream: string, step: number): number[] =>
      [...uniforms({ seed: 1, stream, step }, 6)].map((u) => 2 * u - 1)
    const h = 1e-5
    let [compared, kinks, run] = [0, 0, 0]
    const check = (steps: Program): void => {
      const [a, b] = [draw('a', run), draw('b', run++)]
      const fn = slopeOf((x) => build(steps, x))
      // Σ y over weights, blocks or the call: as many values as y has.
      const sum = (i: number, by: number): number => {
        const moved = a.map((value, j) => (j === i ? value + by : value))
        return evaluate([{ fn, inputs: { a: moved, b, s: 0.7 }, layout }])[0]!['y']!.reduce(
          (total, value) => total + value,
          0,
        )
      }
      const slope = evaluate([{ fn, inputs: { a, b, s: 0.7 }, layout }])[0]!['perWeight']!
      const here = sum(0, 0)
      for (let i = 0; i < 6; i++) {
        const [up, down] = [(sum(i, h) - here) / h, (here - sum(i, -h)) / h]
        // One-sided differences part where a kink or a jump lies within h: no slope to compare with.
        if (Math.abs(up - down) > 1e-2 * (1 + Math.abs(up))) {
          kinks++
          continue
        }
        compared++
        // h² f‴/6 with f‴ up to some hundreds, and rounding 1e-16 · |Σ y| / h: both below 1e-7.
        expect(Math.abs(slope[i]! - (up + down) / 2)).toBeLessThan(1e-6 * (1 + Math.abs(up)))
      }
    }
    fc.assert(fc.property(program, check), { seed: 20, numRuns: 600, endOnFailure: true })
    expect(compared).toBeGreaterThan(3000)
    expect(kinks / compared).toBeLessThan(0.01)
  })
})

describe('slopes by hand', () => {
  it('passes through a block maximum to the weight that attains it', () => {
    // y = a / max|a|: Σ y = Σ a / m. For i ≠ k the slope is 1/m; for k, as sign a_k = −1, 1/m + Σa/m².
    const slope = slopeAt(({ a }) => a.div(a.abs().blockMax()), [1, -4, 2])
    expect(slope).toEqual([1 / 4, 1 / 4 + (1 - 4 + 2) / 16, 1 / 4])
  })

  it('shares the slope of a maximum among all weights that attain it', () => {
    expect(slopeAt(({ a }) => a.abs().blockMax(), [2, -2, 1, 2])).toEqual([1 / 3, -1 / 3, 0, 1 / 3])
  })

  it('gives a maximum of negative values, which is 0, no slope', () => {
    expect(slopeAt(({ a }) => a.blockMax(), [-1, -2])).toEqual([0, 0])
  })

  it('counts a block value once for each weight that uses it', () => {
    const layout = layoutOf([5], blockOf(3))
    expect(slopeAt(({ a, b }) => a.blockSum().mul(b), [1, 2, 3, 4, 5], undefined, layout)).toEqual([
      9, 9, 9, 6, 6,
    ])
    expect(slopeAt(({ a }) => a.blockSum().blockSum(), [1, 2, 3, 4, 5], undefined, layout)).toEqual([
      3, 3, 3, 2, 2,
    ])
    expect(slopeAt(({ a }) => a.blockSum().mul(5), [1, 2, 3, 4, 5], undefined, layout)).toEqual([
      5, 5, 5, 5, 5,
    ])
    expect(slopeAt(({ a }) => a.blockMax().blockMax(), [1, 2, 3, 5, 4], undefined, layout)).toEqual([
      0, 0, 1, 1, 0,
    ])
  })

  it('passes through a tensor maximum as through a block maximum', () => {
    const layout = layoutOf([4], blockOf(2))
    // y = a / max|a|, as above, whatever the blocks.
    expect(slopeAt(({ a }) => a.div(a.abs().tensorMax()), [1, -4, 2, 0], undefined, layout)).toEqual([
      1 / 4,
      1 / 4 - 1 / 16,
      1 / 4,
      1 / 4,
    ])
    expect(slopeAt(({ a }) => a.abs().tensorMax().mul(3), [2, -2, 1, 2], undefined, layout)).toEqual([
      1, -1, 0, 1,
    ])
  })

  it('counts a block once for each block that uses a value of the tensor', () => {
    const layout = layoutOf([5], blockOf(3))
    // Σ over two blocks of (block max · tensor sum): by a_i the sum of both maxima, and the tensor sum for
    // each maximum.
    const slope = slopeAt(({ a }) => a.blockMax().mul(a.tensorSum()), [1, 2, 3, 4, 5], undefined, layout)
    expect(slope).toEqual([8, 8, 23, 8, 23])
    expect(slopeAt(({ a, b }) => a.tensorSum().mul(b), [1, 2, 3, 4, 5], undefined, layout)).toEqual([
      15, 15, 15, 15, 15,
    ])
  })

  it('gives abs the slope 1 at 0, a tie of min and max to the first operand, and floor none', () => {
    expect(slopeAt(({ a }) => a.abs(), [-2, -0, 0, 2])).toEqual([-1, 1, 1, 1])
    expect(slopeAt(({ a }) => a.min(1), [0, 1, 2])).toEqual([1, 1, 0])
    expect(slopeAt(({ a }) => a.max(1), [0, 1, 2])).toEqual([0, 1, 1])
    expect(slopeAt(({ a }) => a.mul(a).floor().add(a), [0.5, 1])).toEqual([1, 1])
  })

  it('takes a lane that is not an input as independent', () => {
    const fn = defineLanes({
      name: 'f',
      inputs: ['a'],
      outputs: ['slope'],
      body: ({ a }) => {
        const square = a.mul(a)
        return { slope: gradient(square.mul(square).mul(a), square) }
      },
    })
    // ∂(q² a)/∂q = 2 q a
    expect(evaluate([{ fn, inputs: { a: [3] } }])[0]).toEqual({ slope: Float64Array.of(54) })
  })

  it('is 0 on a branch not taken, whatever the factors of the call', () => {
    const huge = ({ s }: Arguments): Lane => s.div(0)
    expect(slopeAt((x) => x.a.min(1).mul(huge(x)), [0, 2])).toEqual([Infinity, 0])
    expect(slopeAt((x) => x.a.less(1, 3, x.a).mul(huge(x)), [0, 2])).toEqual([0, Infinity])
  })

  it('has slopes where a maximum has none', () => {
    // y = m S with m = max a, S = Σ a: the slopes S [attains] + m add up to S + 2 m, or to 0 where no value
    // attains m = 0.
    const slope = ({ a }: Arguments): Lane => gradient(a.blockMax().mul(a.blockSum()), a)
    expect(slopeAt(slope, [3, -2])).toEqual([3, 1])
    expect(slopeAt(slope, [-1, -2])).toEqual([0, 0])
  })

  it('is a formula like any other: slopes of slopes', () => {
    const second = slopeAt(({ a }) => gradient(a.mul(a).mul(a), a), [1, -2, 5])
    expect(second).toEqual([6, -12, 30])
  })
})

describe('structure', () => {
  const nodes = (
    body: (x: Arguments) => Lane,
    options?: (x: Arguments) => GradientOptions,
  ): readonly string[] => {
    const { outputs } = trace(slopeOf(body, options))
    const slope = outputs['slope']!
    return slope.kind === 'literal' ? [`literal ${slope.value}`] : [slope.kind]
  }

  it('makes no nodes for a zero that follows from the formula', () => {
    for (const body of [
      ({ b, s }: Arguments) => b.mul(s),
      ({ a }: Arguments) => a.floor(),
      ({ a, b }: Arguments) => a.binade().mul(b),
      ({ a, b }: Arguments) => a.less(b, 1, 2).mul(b),
    ]) {
      expect(nodes(body)).toEqual(['literal 0'])
    }
    expect(nodes(({ a }) => a)).toEqual(['literal 1'])
    const flat = trace(slopeOf(({ a, b }) => a.floor().mul(b).blockSum().add(a)))
    expect(flat.outputs['slope']).toMatchObject({ kind: 'literal', value: 1 })
  })

  it('holds lanes constant', () => {
    expect(
      slopeAt(
        ({ a }) => a.mul(a),
        [3],
        ({ a }) => ({ hold: [a.mul(a)] }),
      ),
    ).toEqual([0])
    const fixed = slopeAt(
      ({ a }) => a.div(a.abs().blockMax()),
      [1, -4, 2],
      ({ a }) => ({ hold: [a.abs().blockMax()] }),
    )
    expect(fixed).toEqual([1 / 4, 1 / 4, 1 / 4])
    expect(
      nodes(
        ({ a, b }) => a.abs().mul(b),
        ({ a }) => ({ hold: [a.abs()] }),
      ),
    ).toEqual(['literal 0'])
  })

  it('lets a held value pass through a total', () => {
    const slope = slopeAt(
      ({ a }) => a.mul(a.mul(2).total('n')),
      [1, 2],
      ({ a }) => ({ hold: [a.mul(2)] }),
    )
    expect(slope).toEqual([6, 6])
  })

  it('differentiates a total that only values of the call read', () => {
    // ∂√(Σ a²)/∂a = a / √(Σ a²), here a / 5
    expect(slopeAt(({ a }) => a.mul(a).total('n').sqrt().mul(10), [3, -4])).toEqual([6, -8])
    expect(slopeAt(({ a }) => a.abs().blockMax().total('n'), [3, -4])).toEqual([0, -2])
  })

  it('refuses what it cannot differentiate', () => {
    const message = "gradient: no derivative through the total 'n'; hold it"
    expect(() => slopeAt(({ a }) => a.mul(a.total('n')), [1])).toThrow(message)
    expect(() => slopeAt(({ a }) => a.mul(a.total('n').sqrt()), [1])).toThrow(message)
    expect(() => slopeAt(({ a }) => a.mul(a.total('n').add(a.tensorMax())), [1])).toThrow(message)
    const byScalar = defineLanes({
      name: 'f',
      inputs: ['a'],
      scalars: ['s'],
      outputs: ['y'],
      body: ({ a, s }) => ({ y: gradient(a.mul(s), s) }),
    })
    expect(() => trace(byScalar)).toThrow(/no derivative by a value that is constant over a call/)
    let stray: Lane | undefined
    slopeAt(({ a }) => (stray = a), [1])
    expect(() => slopeAt(({ a }) => gradient(a, stray!), [1])).toThrow(/expected a node of the same formula/)
    expect(() =>
      slopeAt(
        ({ a }) => a,
        [1],
        () => ({ hold: [stray!] }),
      ),
    ).toThrow(/expected a node of the same formula/)
  })
})
