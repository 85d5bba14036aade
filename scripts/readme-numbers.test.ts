// Holds the numbers of the README to those of docs/results, which tell the commands that measured them.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { proseOf } from './prose-numbers.js'

const page = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const readme = page('README.md')
const prose = proseOf(readme)

/** Rows of the tables of a page, by the first cell, without emphasis. */
const rows = (text: string): (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(1, -1).split('|'))
    .map((cells) => cells.map((cell) => cell.replaceAll('*', '').trim()))

const rounded = (cell: string): string =>
  cell.replaceAll(/\d+\.\d+/g, (number) => Number(number).toFixed(3)).replaceAll('± 0.', '± .')

describe('README', () => {
  const measured = rows(page('docs/results/quickstart.md')).filter(([method]) =>
    ['PTQ', 'QAT', 'LOTION'].includes(method!),
  )
  const told = rows(readme).filter(([name]) => /^(PTQ: |QAT: |LOTION$)/.test(name!))

  it('tells the losses of docs/results/quickstart.md', () => {
    expect(told).toHaveLength(3)
    for (const [name, both, int4, int3] of told) {
      const [atInt4, atInt3] = measured.filter(([method]) => name!.startsWith(method!))
      expect([int4, int3]).toEqual([rounded(atInt4![2]!), rounded(atInt3![2]!)])
      const full = [rounded(atInt4![1]!), rounded(atInt3![1]!)]
      expect(both).toBe(full[0] === full[1] ? full[0] : full.join(' · '))
      for (const cell of [both, int4, int3]) prose.told(cell!)
    }
  })

  it('tells the paired differences of docs/results/quickstart.md', () => {
    const difference = /−0?\.\d{3} ± 0?\.\d{3}/g
    const plain = (text: string): string[] =>
      (text.match(difference) ?? []).map((found) => found.replaceAll(/\b0\./g, '.'))
    const [atInt4, atInt3] = plain(/LOTION − QAT =[^,]*/s.exec(page('docs/results/quickstart.md'))![0])
    expect(plain(readme)).toEqual([atInt4, atInt3])
    prose.told(`(paired: ${atInt4}, ${atInt3})`)
    const [, ahead, seeds] = /LOTION is ahead on (\d) of (\d) seeds in each/.exec(
      page('docs/results/quickstart.md'),
    )!
    prose.told(`ahead of QAT on ${ahead} of ${seeds} seeds in both`)
    expect(seeds).toBe('5')
    prose.told('over five seeds')
  })

  it('tells how many bytes the runs of docs/results/quickstart.md see', () => {
    const [, steps, tokens] = /(\d+) steps of (\d+) tokens/.exec(page('docs/results/quickstart.md'))!
    const bytes = Number(steps) * Number(tokens)
    expect(bytes).toBeGreaterThan(0)
    prose.told(`after ${Math.round(bytes / 1e6)} M bytes`)
  })

  it('tells the speed of docs/results/engine.md', () => {
    const measured = rows(page('docs/results/engine.md'))
    const [small, large] = ['0.845M parameters', '27.4M parameters'].map((model) => {
      const [, , traced, torch, ratio, tfjs, tfjsRatio] = measured.find(([first]) => first === model)!
      return { traced, torch, ratio, tfjs, tfjsRatio }
    })
    const whole = (cell: string): string => `${Number.parseFloat(cell).toFixed(0)} ms`
    for (const told of [
      `845k-parameter decoder take ${whole(small!.traced!)} with \`onnxEngine\`, ${whole(small!.torch!)} in eager f32 PyTorch (${small!.ratio} times as long)`,
      `${whole(small!.tfjs!)} in tfjs wasm (${small!.tfjsRatio} times)`,
      `27M-parameter decoder ${whole(large!.traced!)} against ${whole(large!.torch!)} in PyTorch (${large!.ratio} times)`,
    ])
      prose.told(told)
    expect(page('docs/results/engine.md')).toContain('on 2 virtual cores')
    prose.told('on 2 cores')
    const largest = Math.max(
      ...measured.map(([first]) => Number(/^([\d.]+)M parameters$/.exec(first!)?.[1] ?? 0)),
    )
    prose.told(`beyond ${Math.floor(largest)} million parameters`)
  })

  it('tells the speed of our kernels and programs for tfjs', () => {
    const ratios = rows(page('docs/results/engine.md'))
      .filter(([first]) => /^(first|second) run$/.test(first!))
      .map((cells) => Number(cells[3]))
    expect(ratios).toHaveLength(2)
    expect(new Set(ratios.map(Math.round))).toEqual(new Set([8]))
    prose.told("makes tfjs's wasm step 8 × faster")
    const programs = rows(page('docs/design/09-tfjs.md'))
    const [before, after] = ['op by op', 'programs'].map((name) =>
      programs.find(([first]) => first === name)!,
    )
    const ratio = Number(before![2]) / Number.parseFloat(after![2]!)
    prose.told(
      `${after![1]} GPU dispatches instead of ${before![1]} (${ratio.toFixed(1)} × on a software adapter`,
    )
  })

  it('leaves no other measured number in prose', () => {
    // The name of a page.
    prose.told('[five minutes]')
    expect(prose.open()).toEqual([])
  })
})
