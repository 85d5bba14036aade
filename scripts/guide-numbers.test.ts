// Holds the numbers in the guide's prose to what they are numbers of.
import { readFileSync } from 'node:fs'
import { ratiosOf } from '@lotion/checkpoints'
import { bitsPerWeight, fp4, int2, int4, nvfp4 } from '@lotion/formats'
import { describe, expect, it } from 'vitest'
import { guide } from '../docs/.vitepress/guide.js'
import { block, curve } from '../docs/.vitepress/theme/bowls.js'
import { proseOf } from './prose-numbers.js'

const source = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const page = (path: string): string => source(`docs/${path}.md`).replaceAll(/\s+/g, ' ')
const goals = guide.flatMap(({ pages }) => pages)
const pages = ['index', ...goals.map(({ path }) => path).filter((path) => path !== 'formats')]
const prose = new Map(pages.map((path) => [path, proseOf(source(`docs/${path}.md`))] as const))

/** Says that a page has words whose numbers are held here. */
const told = (path: string, ...phrases: readonly string[]): void => {
  for (const phrase of phrases) prose.get(path)!.told(phrase)
}

describe('the guide', () => {
  it('tells the points of formats', () => {
    const [low, high] = [int4.grid.points[0]!, int4.grid.points.at(-1)!]
    told('guide/quantization', `the whole numbers from −${-low} to ${high}`)
    const names = new Map([
      [0.5, '½'],
      [1.5, '1½'],
    ])
    const positive = fp4.grid.points.filter((point) => point >= 0 && !Object.is(point, -0))
    const listed = [...new Set(positive)].map((point) => names.get(point) ?? String(point))
    told('guide/quantization', `${listed.slice(0, -1).join(', ')} and ${listed.at(-1)} with both signs`)
    expect(nvfp4.block).toMatchObject({ size: 16 })
    told('guide/quantization', 'in blocks of 16')
    expect([...int2.grid.points]).toEqual([-1, 0, 1])
    told('guide/lotion', 'the points −1, 0 and 1 times one scale')
  })

  it('tells the bits a weight of int4', () => {
    expect(int4.block).toMatchObject({ size: 32 })
    const [codes, scale] = [4, 32]
    expect(bitsPerWeight(int4, [1, 32])).toBe(codes + scale / 32)
    told(
      'guide/index',
      'are 32 weights with a scale of 32 bits, 1 bit more for each weight: commands say **5.00 bits',
    )
    told('guide/write-a-task', '4 bits for a code and a scale of 32 bits for 32 weights make `5.00` [bits]')
    told('guide/glossary', '`int4` in blocks of 32 with a scale of 32 bits has 5.')
    const sums = { weights: 1, saturated: 0, onGrid: 0, variance: 0, signal: 1, error: 0.1 ** 2 }
    expect(ratiosOf(sums).sqnr).toBeCloseTo(20, 12)
    told('guide/glossary', '20 dB is an error of a tenth')
  })

  it('tells how many lines of a program in tfjs change', () => {
    const [first] = /```ts[\s\S]*?```/.exec(source('docs/guide/train-with-tfjs.md'))!
    expect(first.match(/\/\/ \d/g)).toEqual(['// 1', '// 2', '// 3'])
    told('guide/train-with-tfjs', 'three lines change', '## Three lines')
  })

  it('tells how many weights its figures have', () => {
    expect([block.best.length, curve.best.length]).toEqual([12, 6])
    told('guide/lotion', 'Twelve weights of one block', 'Six weights are the heights of six hills')
  })

  it('tells the largest model that was measured', () => {
    const sizes = [...page('results/engine').matchAll(/([\d.]+)M parameters/g)].map(([, size]) =>
      Number(size),
    )
    expect(sizes).not.toEqual([])
    told('guide/limits', `up to ${Math.floor(Math.max(...sizes))} million parameters`)
  })

  it('tells what its programs and commands do', () => {
    expect(source('docs/snippets/circle.ts')).toContain('step % 100 === 0')
    told('guide/index', 'the loss every hundred steps')
    expect(source('examples/your-own-loop/src/main.ts')).toContain('[1, 2, 3, 4, 5].map((seed)')
    told('guide/own-loop', 'It prints the losses of five seeds.')
    // The table below the heading has a row for each.
    expect(source('docs/guide/own-loop.md').match(/^\| `.*\|$/gm)).toHaveLength(4)
    told('guide/own-loop', '## The four lines')
    expect(source('docs/guide/learning-rate.md')).toContain('const [n, together] = [16, 0.9]')
    told('guide/learning-rate', 'LOTION trains 16 weights')
    expect(source('packages/bench/src/tasks/language.ts')).toContain("methods: 'ptq,qat,lotion'")
    told('guide/index', 'three times on speeches of presidents: with PTQ, QAT and LOTION')
    // `npm run guide` looks for it in what is printed.
    const printed = goals
      .find(({ path }) => path === 'guide/index')!
      .goals.map((goal) => ('prints' in goal ? goal.prints : ''))
    expect(printed).toContain(' 100 %')
    told('guide/index', 'Of this file 100 % of the chosen weights lie on the grid')
  })

  // Blocks whose lines `npm run guide` compares with what is printed.
  it('tells what broken plugins print', () => {
    const [, before, after] = /the diagonal goes from ([\d.]+)… to ([\d.]+)…/.exec(
      page('guide/write-a-fisher'),
    )!
    expect(Number(before) / Number(after)).toBeCloseTo(4, 3)
    told('guide/write-a-fisher', 'With four times the batch this $F$ is four times too small')
    const [, exponent] = /e\+(\d+)… of the loss is left/.exec(page('guide/write-an-optimizer'))!
    told('guide/write-an-optimizer', `a number of ${Number(exponent) + 1} digits`)
  })

  it.each(pages)('leaves no other measured number in %s', (path) => {
    expect(prose.get(path)!.open()).toEqual([])
  })
})
