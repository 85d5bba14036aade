import * as core from '@lotion/core'
import * as fisher from '@lotion/fisher'
import * as formats from '@lotion/formats'
import * as noise from '@lotion/noise'
import * as optim from '@lotion/optim'
import katex from 'katex'
import { expect, it } from 'vitest'
import { formulaOf } from './formulas.mjs'

it.each([
  ...formats.builtInFormats.map(({ name }) => ['formats', name, formats] as const),
  ...Object.keys(noise).flatMap((name) =>
    name.endsWith('Family') ? [['noise', name.slice(0, -6), noise] as const] : [],
  ),
  ...Object.keys(fisher).flatMap((name) =>
    name.endsWith('Family') ? [['fisher', name.slice(0, -6), fisher] as const] : [],
  ),
  ...Object.keys(optim).flatMap((name) =>
    name.endsWith('Family') && name !== 'ptqFamily' ? [['optim', name.slice(0, -6), optim] as const] : [],
  ),
])('has a formula of %s %s that KaTeX takes', (_, name, exports) => {
  const values: Readonly<Record<string, unknown>> = exports
  const named = (key: string): boolean => (values[key] as { name?: string } | undefined)?.name === name
  const own = name in values ? name : Object.keys(values).find(named)!
  const formula = formulaOf(own, values)
  expect(formula?.lines).toBeGreaterThan(0)
  expect(
    katex.renderToString(`\\begin{aligned}${formula!.tex}\\end{aligned}`, {
      displayMode: true,
      strict: 'error',
    }),
  ).toContain('<math')
})

it('says what symbols stand for, and the defaults of a family', () => {
  const { tex, where, given } = formulaOf('empirical', { ...fisher })!
  expect(tex).toContain("F &= \\mathrm{squares}' \\cdot \\mathrm{unbias}")
  expect(where).toContain('$F$ is the curvature')
  expect(given).toEqual(['beta = 0.999'])
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
