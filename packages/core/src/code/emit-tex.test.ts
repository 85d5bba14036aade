import { describe, expect, it } from 'vitest'
import { defineLanes, type Lane, type LaneFn } from '../lanes/lane.js'
import { texOf } from './emit-tex.js'

// That TeX says what runs, whatever the formula, and that KaTeX takes it, is proved in @lotion/matrix.

type Inputs = Readonly<Record<'a' | 'b' | 'c' | 's', Lane>>
const formula = (y: (x: Inputs) => Lane): LaneFn =>
  defineLanes({
    name: 'f',
    inputs: ['a', 'b', 'c'],
    scalars: ['s'],
    outputs: ['y'],
    body: (x) => ({ y: y(x) }),
  })
const tex = (y: (x: Inputs) => Lane): string => texOf(formula(y))
const named = (name: string, symbols?: Readonly<Record<string, string>>): string =>
  texOf(
    defineLanes({ name: 'f', inputs: [name], outputs: ['y'], body: (x) => ({ y: x[name]!.mul(x[name]!) }) }),
    symbols && { symbols },
  )

describe('texOf', () => {
  it.each<[tex: string, y: (x: Inputs) => Lane]>([
    ['a - b - c', ({ a, b, c }) => a.sub(b).sub(c)],
    ['a - \\left(b - c\\right)', ({ a, b, c }) => a.sub(b.sub(c))],
    ['a + \\left(b + c\\right)', ({ a, b, c }) => a.add(b.add(c))],
    ['\\left(a + b\\right) \\cdot c', ({ a, b, c }) => a.add(b).mul(c)],
    ['a + b \\cdot c', ({ a, b, c }) => a.add(b.mul(c))],
    ['a \\cdot \\left(b \\cdot c\\right)', ({ a, b, c }) => a.mul(b.mul(c))],
    ['-a^2', ({ a }) => a.mul(a).mul(-1)],
    ['\\left(-a\\right)^2', ({ a }) => a.mul(-1).mul(a.mul(-1))],
    ['\\left(a^2\\right)^2', ({ a }) => a.mul(a).mul(a.mul(a))],
    ['\\left(a \\cdot b\\right)^2', ({ a, b }) => a.mul(b).mul(a.mul(b))],
    ['a - \\left(-b\\right)', ({ a, b }) => a.sub(b.mul(-1))],
    ['\\frac{a + b}{\\frac{b}{c}}', ({ a, b, c }) => a.add(b).div(b.div(c))],
    ['\\left(\\frac{a}{b}\\right)^2', ({ a, b }) => a.div(b).mul(a.div(b))],
    ['\\frac{a}{b} \\cdot c', ({ a, b, c }) => a.div(b).mul(c)],
    ['\\left|a - b\\right|', ({ a, b }) => a.sub(b).abs()],
    ['\\sqrt{a}', ({ a }) => a.sqrt()],
    [
      '\\left(2^{\\left\\lfloor \\log_2 \\left|a\\right| \\right\\rfloor}\\right)^2',
      ({ a }) => a.binade().mul(a.binade()),
    ],
    ['\\min\\left(a,\\, \\max\\left(b,\\, c\\right)\\right)', ({ a, b, c }) => a.min(b.max(c))],
  ])('has the parentheses that order needs: %s', (expected, y) => expect(tex(y)).toBe(`y &= ${expected}`))

  it.each<[tex: string, value: number]>([
    ['2 \\cdot a', 2],
    ['-2 \\cdot a', -2],
    ['-a', -1],
    ['\\left(-0\\right) \\cdot a', -0],
    ['0.1 \\cdot a', 0.1],
    ['\\tfrac{1}{12} \\cdot a', 1 / 12],
    ['\\sqrt{12} \\cdot a', Math.sqrt(12)],
    ['\\sqrt{\\tfrac{1}{12}} \\cdot a', Math.sqrt(1 / 12)],
    ['3.464101615137754 \\cdot a', 3.464101615137754],
    ['2^{-15} \\cdot a', 2 ** -15],
    ['10^{-8} \\cdot a', 1e-8],
    ['3.4028234663852886 \\cdot 10^{38} \\cdot a', 3.4028234663852886e38],
    ['\\infty \\cdot a', Infinity],
    ['-\\infty \\cdot a', -Infinity],
    ['\\mathrm{NaN} \\cdot a', NaN],
  ])('writes numbers as by hand: %s', (expected, value) =>
    expect(tex(({ a }) => a.mul(value))).toBe(`y &= ${expected}`),
  )

  it.each<[tex: string, y: (x: Inputs) => Lane]>([
    ['\\max_{B} \\left|a\\right|', ({ a }) => a.abs().blockMax()],
    ['\\sum_{B} \\left(a \\cdot b\\right)', ({ a, b }) => a.mul(b).blockSum()],
    ['\\left(\\sum_{T} a\\right) \\cdot b', ({ a, b }) => a.tensorSum().mul(b)],
    ['\\max_{B} a^2', ({ a }) => a.mul(a).blockMax()],
    // Reductions start at 0, so the largest of numbers below 0 is 0.
    ['\\max\\left(0,\\, \\max_{T} \\left(a + b\\right)\\right)', ({ a, b }) => a.add(b).tensorMax()],
    ['\\sum a^2', ({ a }) => a.mul(a).total('squares')],
  ])('says over what is reduced: %s', (expected, y) => expect(tex(y)).toBe(`y &= ${expected}`))

  it('writes cases in lines of their own, those of cases in one', () => {
    expect(tex(({ a, b, c }) => a.less(0, b, a.less(1, c, 2)).add(c))).toBe(
      't_{1} &= \\begin{cases} b & a < 0 \\\\ c & a < 1 \\\\ 2 & \\text{else} \\end{cases} \\\\\ny &= t_{1} + c',
    )
  })

  it('names what stands in several places, an output by its symbol, an update with a prime', () => {
    const fn = defineLanes({
      name: 'mean',
      inputs: ['m', 'g'],
      scalars: ['rate'],
      outputs: ['m', 'y', 'same'],
      body: ({ m, g, rate }) => {
        const [size, next] = [g.abs(), m.add(g.mul(rate))]
        return { m: next, y: next.mul(size).div(size), same: g }
      },
    })
    expect(texOf(fn, { symbols: { rate: '\\rho', absent: 'z' } })).toBe(
      [
        't_{1} &= \\left|g\\right|',
        "m' &= m + g \\cdot \\rho",
        "y &= \\frac{m' \\cdot t_{1}}{t_{1}}",
        '\\mathrm{same} &= g',
      ].join(' \\\\\n'),
    )
  })

  it.each([
    ['learning_rate', '\\mathrm{learning\\_rate}^2'],
    ['a b', '\\mathrm{a\\ b}^2'],
    ['100%', '\\mathrm{100\\%}^2'],
    ['x^2', '\\mathrm{x\\wedge 2}^2'],
    ['\\x', '\\mathrm{\\backslash x}^2'],
    ['_', '\\mathrm{\\_}^2'],
    ['constructor', '\\mathrm{constructor}^2'],
  ])('takes any name: %s', (name, expected) => expect(named(name)).toBe(`y &= ${expected}`))

  it('gives a symbol with an exponent no second one', () => {
    expect(named('variance', { variance: '\\sigma^2' })).toBe('y &= \\left(\\sigma^2\\right)^2')
  })

  it('braces a symbol with an exponent before its prime, as TeX wants', () => {
    const fn = defineLanes({
      name: 'f',
      inputs: ['variance'],
      outputs: ['variance'],
      body: ({ variance }) => ({ variance: variance.add(1) }),
    })
    expect(texOf(fn, { symbols: { variance: '\\sigma^2' } })).toBe("{\\sigma^2}' &= \\sigma^2 + 1")
  })

  it.each([[{ a: 'b' }], [{ a: 'y' }], [{ a: 't_{1}' }]])(
    'refuses one symbol of two names: %j',
    (symbols) => {
      expect(() =>
        texOf(
          formula(({ a, b }) => a.add(b)),
          { symbols },
        ),
      ).toThrow(/^f: symbols: expected one of its own for '\w', found /)
    },
  )
})
