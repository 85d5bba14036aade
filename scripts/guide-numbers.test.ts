// Holds the numbers in the guide's prose to what they are numbers of.
import { readFileSync } from 'node:fs'
import { fp4, int2, int4, nvfp4 } from '@lotion/formats'
import { describe, expect, it } from 'vitest'
import { block, curve } from '../docs/.vitepress/theme/bowls.js'

const page = (path: string): string =>
  readFileSync(new URL(`../docs/${path}.md`, import.meta.url), 'utf8').replaceAll(/\s+/g, ' ')

describe('the guide', () => {
  it('tells the points of formats', () => {
    const [low, high] = [int4.grid.points[0]!, int4.grid.points.at(-1)!]
    expect(page('guide/quantization')).toContain(`the whole numbers from −${-low} to ${high}`)
    const names = new Map([
      [0.5, '½'],
      [1.5, '1½'],
    ])
    const positive = fp4.grid.points.filter((point) => point >= 0 && !Object.is(point, -0))
    const told = [...new Set(positive)].map((point) => names.get(point) ?? String(point))
    expect(page('guide/quantization')).toContain(
      `${told.slice(0, -1).join(', ')} and ${told.at(-1)} with both signs`,
    )
    expect(nvfp4.block).toMatchObject({ size: 16 })
    expect(page('guide/quantization')).toContain('in blocks of 16')
    expect([...int2.grid.points]).toEqual([-1, 0, 1])
    expect(page('guide/lotion')).toContain('the points −1, 0 and 1 times one scale')
  })

  it('tells how many weights its figures have', () => {
    expect([block.best.length, curve.best.length]).toEqual([12, 6])
    expect(page('guide/lotion')).toContain('Twelve weights of one block')
    expect(page('guide/lotion')).toContain('Six weights are the heights of six hills')
  })

  it('tells the largest model that was measured', () => {
    const sizes = [...page('results/engine').matchAll(/([\d.]+)M parameters/g)].map(([, size]) =>
      Number(size),
    )
    const largest = `${Math.floor(Math.max(...sizes))} million parameters`
    expect(page('guide/limits')).toContain(`up to ${largest}`)
    expect(page('../README')).toContain(`beyond ${largest}`)
  })

  it('leaves no other measured number in prose', () => {
    for (const name of ['limits', 'lotion', 'quantization', 'own-loop'])
      expect(page(`guide/${name}`).match(/± ?\d|\d+(?:\.\d+)? ?%/g) ?? []).toEqual([])
  })
})
