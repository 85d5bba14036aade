import * as core from '@lotion/core'
import { defineLanes, evaluate, layoutOf, locate, scalarNames, trace, type BlockLayout } from '@lotion/core'
import { updateLanes, weightsOf } from '@lotion/core/internal'
import * as fisher from '@lotion/fisher'
import * as formats from '@lotion/formats'
import * as noise from '@lotion/noise'
import * as optim from '@lotion/optim'
import { resolved } from '@lotion/optim/internal'
import { evaluateTex } from '@lotion/test-kit'
import katex from 'katex'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ordinaryCases, ordinaryLayout, place } from './formula-inputs.mjs'
import { symbols } from './formula-names.mjs'
import { penaltyFormula } from './formula-penalty.mjs'
import { formulaOf, type Signature } from './formulas.mjs'

const packages: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  core,
  fisher,
  formats,
  noise,
  optim,
}

/** Parameters that must be given and what is returned, of the functions of a package, from its API report. */
function signaturesOf(name: string): ReadonlyMap<string, Signature> {
  const report = readFileSync(new URL(`../packages/${name}/api/index.api.md`, import.meta.url), 'utf8')
  const functions = [...report.matchAll(/^export function (\w+)\(([^()]*)\): (\w+)/gm)].toReversed()
  return new Map(
    functions.map(([, of = '', given = '', returns = '']) => {
      const parameters = [...given.matchAll(/(\w+): ([^,]+)/g)]
      return [of, { parameters: parameters.map(([, own = '', type = '']) => ({ name: own, type })), returns }]
    }),
  )
}

/** The formulas of the API pages, by name of an export. */
const formulas = new Map(
  Object.entries(packages).flatMap(([of, exports]) => {
    const signatures = signaturesOf(of)
    return Object.keys(exports).flatMap((name) => {
      const formula = formulaOf(name, exports, signatures.get(name))
      return formula ? [[name, formula] as const] : []
    })
  }),
)

it.each(formats.builtInFormats.map(({ name }) => name))('has a formula of format %s', (name) => {
  const own = Object.entries(formats).find(
    ([, value]) => (value as { name?: string } | undefined)?.name === name,
  )
  expect(formulas.has(own![0])).toBe(true)
})

it.each(
  [noise, fisher, optim].flatMap((exports) =>
    Object.keys(exports).flatMap((name) =>
      name.endsWith('Family') && name !== 'ptqFamily' ? [name.slice(0, -6)] : [],
    ),
  ),
)('has a formula of family %s', (name) => {
  expect(formulas.has(name)).toBe(true)
})

it.each([
  'nearestCast nearestPoint castNearest castSample castVariance',
  'divisor castStatistics quantize smoothingPenalty',
])('has formulas of the functions %s', (names) => {
  expect(names.split(' ').filter((name) => !formulas.has(name))).toEqual([])
})

it('is TeX that KaTeX takes', () => {
  for (const { tex } of formulas.values())
    expect(
      katex.renderToString(`\\begin{aligned}${tex}\\end{aligned}`, {
        displayMode: true,
        strict: 'error',
        output: 'mathml',
      }),
    ).toContain('<math')
})

/** Values by the symbols that stand for them. */
const bySymbol = (values: Readonly<Record<string, ArrayLike<number> | number>>, size: number) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      symbols[name] ?? name,
      typeof value === 'number' ? new Float64Array(size).fill(value) : value,
    ]),
  )

/** One value a weight, of values a weight, a block of 16 or a call. */
const spread = (values: ArrayLike<number>, layout: BlockLayout) => {
  const size = weightsOf(layout)
  const share = values.length === size ? 1 : values.length === 1 ? size : 16
  return Float64Array.from({ length: size }, (_, i) => values[Math.floor(i / share)]!)
}

/** Where two lists differ by more than rounding. */
const firstFault = (expected: Float64Array, found: ArrayLike<number>) =>
  expected.findIndex((value, i) => !(Math.abs(value - found[i]!) <= 1e-12 * Math.max(Math.abs(value), 1e-12)))

it.each([...formulas])('says what runs on ordinary weights: %s', (_, { fn, real, tex, numbers }) => {
  const size = weightsOf(ordinaryLayout)
  const both = { ...fn, scalars: [...new Set([...fn.scalars, ...real.scalars])] }
  for (const inputs of ordinaryCases(both, 9, numbers)) {
    const used = trace(fn).nodes.flatMap((node) => (node.kind === 'input' ? [node.name] : []))
    const known = Object.fromEntries(used.map((name) => [name, inputs[name]!]))
    const read = evaluateTex(tex, bySymbol(known, size), ordinaryLayout)
    const [runs] = evaluate([{ fn: real, inputs, layout: ordinaryLayout }])
    for (const name of fn.outputs) {
      const symbol = symbols[name] ?? `\\mathrm{${name}}`
      const found = read[fn.inputs.includes(name) ? `${symbol}'` : symbol]!
      const expected = spread(runs![name]!, ordinaryLayout)
      const wrong = firstFault(expected, found)
      expect(wrong, `${name}: ${expected[wrong]} runs, ${found[wrong]} is written`).toBe(-1)
    }
  }
})

it('shows the update of lotion() with its defaults, that of the largest weight of a block too', () => {
  const { int4 } = formats
  const layout = layoutOf([4], int4.block)
  const part = (options: object) =>
    resolved(optim.lotion({ format: int4, ...options }).penalty!, { name: 'w', shape: [2, 2] })!
  const inputs = {
    w: [0.31, -1.2, 0.05, 0.6],
    gradient: [0.2, -0.5, 1, 0.3],
    squares: [1, 0.5, 0.7, 2],
    update: [0.1, 0.2, -0.3, 0.4],
    terms: 32,
    fresh: 0.001,
    unbias: 1.25,
    lambda: 1,
  }
  const runs = (options: object) => {
    const own = part(options)
    const fn = defineLanes({
      name: 'lotion',
      inputs: ['w', 'update', 'gradient', 'squares'],
      scalars: [...scalarNames(own)],
      outputs: ['update'],
      body: (x) => ({ update: updateLanes(own, x)['update'] }),
    })
    return evaluate([{ fn, inputs, layout }])[0]!['update']!
  }
  const beside = defineLanes({
    name: 'beside',
    inputs: ['w'],
    outputs: [...place],
    body: ({ w }) => {
      const { cell: _, ...at } = locate(int4, w).site
      return at
    },
  })
  const [points] = evaluate([{ fn: beside, inputs: { w: inputs.w }, layout }])
  const { tex, notes } = formulas.get('lotion')!
  const found = evaluateTex(tex, bySymbol({ ...inputs, ...points, top: 7 }, 4), layout)[`\\Delta'`]!
  expect(firstFault(runs({}), found)).toBe(-1)
  // Of the largest weight, and of it alone, another formula is right if the scale is held.
  expect(firstFault(runs({ scaleGradient: false }), found)).toBe(1)
  expect(notes.join(' ')).toContain('the slope goes through it')
})

it('shows the penalty of the guide with names for what its text speaks of', () => {
  const { int4 } = formats
  const { tex, where } = penaltyFormula(int4, noise.randomizedRounding)
  const real = optim.smoothingPenalty(int4, noise.randomizedRounding)
  for (const inputs of ordinaryCases(real, 9)) {
    const read = evaluateTex(tex, bySymbol(inputs, 1), ordinaryLayout)
    const [runs] = evaluate([{ fn: real, inputs, layout: ordinaryLayout }])
    expect(read['\\Omega']![0]! / runs!['penalty']![0]!).toBeCloseTo(1, 9)
  }
  expect(tex).toContain(
    '\\sigma^2 &= \\left|\\left(x - a\\right) \\cdot \\left(b - x\\right)\\right| \\cdot s \\cdot s',
  )
  expect(tex).not.toMatch(/infty|t_\{2\}|10\^/)
  expect(where).toContain('$b$ is the point at or above x')
})

it('says what symbols stand for, and the defaults of a family', () => {
  const { tex, where, notes } = formulas.get('empirical')!
  expect(tex).toContain("F &= r' \\cdot c")
  expect(where).toContain('$F$ is the curvature')
  expect(notes).toEqual(['The defaults: beta = 0.999.'])
})

it('shows numbers by their names, those that are off by default too', () => {
  expect(formulas.get('adamw')!.tex).toContain('\\left(1 - \\beta_1\\right)')
  expect(formulas.get('adamw')!.tex).toContain('w \\cdot \\omega')
  expect(formulas.get('sgd')!.tex).toContain('\\mu')
  expect(formulas.get('absmax')!.tex).toContain('\\frac{A}{Q}')
  // 0.09999999999999998 is 1 − 0.9.
  for (const [name, { tex }] of formulas) expect(tex, name).not.toMatch(/0{8}|9{8}/)
})

it('refuses a name without a meaning', () => {
  const strange = optim.defineTransformation({
    name: 'strange',
    slots: ['wombat'],
    update: ({ wombat, update }) => ({ update: update.add(wombat), wombat }),
  })
  expect(() => formulaOf('strange', { strange })).toThrow(/none for wombat; add it to/)
})

it('shows a guard that is all of a formula, and the ends of any grid', () => {
  expect(formulas.get('divisor')!.tex).toContain('1 & \\text{else}')
  expect(formulas.get('castStatistics')!.tex).toContain(
    '\\min\\left(\\max\\left(x,\\, P\\right),\\, Q\\right)',
  )
  expect(formulas.get('quantize')!.notes.join(' ')).toContain('without a scale of the tensor')
  for (const [name, { tex, where }] of formulas)
    if (/\bx\b/.test(where.join(' '))) expect(tex, name).toMatch(/(?<![\\\w])x(?!\w)/)
})

it('asks functions from lanes what they compute, and no others', () => {
  const at = { name: 'at', type: 'Site' }
  expect(formulaOf('nearestPoint', { ...core }, { parameters: [at], returns: 'Lane' })?.tex).toContain(
    '\\begin{cases}',
  )
  expect(
    formulaOf('blockOf', { ...core }, { parameters: [{ name: 'size', type: '' }], returns: 'Block' }),
  ).toBe(undefined)
})
