// Holds words and counts of the guide and the README to the code that they tell of.
import { perTensor } from '@lotion/core'
import { builtInTasks } from '@lotion/bench'
import { cpuExecutor } from '@lotion/cpu'
import { bitsPerWeight, int4, withBlock } from '@lotion/formats'
import { builtInMethods, cageFamily, createUpdater, defineTransformation, lotionFamily } from '@lotion/optim'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { foldersWithoutPages } from '../docs/.vitepress/pages.js'
import { myTask } from '../packages/cli/templates/task/src/my-task.js'

const page = (path: string): string =>
  readFileSync(new URL(`../${path}`, import.meta.url), 'utf8').replaceAll(/\s+/g, ' ')

describe('the guide', () => {
  it('tells how many settings --tune tries', () => {
    const [ofLotion, ofCage] = [lotionFamily, cageFamily].map(({ numbers }) => numbers.lambda.tries!.length)
    const { learningRates } = builtInTasks.find(({ name }) => name === 'linear-regression')!
    const rates = learningRates.length
    expect(page('README.md')).toContain(
      `on linear regression ${rates} for PTQ, QAT and RAT, ${rates * ofLotion!} for LOTION, ${rates * ofCage!} for CAGE. \`--methods ptq,lotion:1 --tune\` fixes λ, and all get ${rates}.`,
    )
    const own = myTask.learningRates.length
    expect(page('docs/guide/write-a-task.md')).toContain(
      `here ${own} settings for PTQ, ${own * ofLotion!} for LOTION. The table says so (\`best of ${own * ofLotion!}\`)`,
    )
  })

  it('explains each method in the words of its definition, which reports show', () => {
    const glossary = page('docs/guide/glossary.md').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    for (const { name, summary } of builtInMethods) {
      expect(summary, name).toMatch(/^\S.*\.$/)
      expect(glossary).toContain(summary)
    }
  })

  it('tells at how many learning rates the quickstart was tried', () => {
    const rows = /## Tuning[^#]*?(?:\| -+ )+\|(?<rows>.*?) 1e-2 is used/.exec(
      page('docs/results/quickstart.md'),
    )!.groups!['rows']!
    expect(rows.match(/\| \d[.\d]*e-\d/g)).toHaveLength(4)
    expect(page('docs/results/quickstart.md')).toContain('PTQ would gain .006 (INT4) and .010 (INT3) at 2e-2')
    expect(page('README.md')).toContain(
      'was tried at the same four learning rates; 1e-2 is used for all, at which PTQ is .006 and .010 above its best',
    )
  })

  it('tells the losses by learning rate of the quickstart', () => {
    const rows = (path: string): readonly string[][] =>
      [...page(path).matchAll(/\| (?<rate>[\d.]+e-\d) \|(?<cells>(?: [\d.*]+ +\|){3})/g)].map(({ groups }) =>
        [groups!['rate']!, ...groups!['cells']!.split('|')].map((cell) => cell.trim()),
      )
    const told = rows('docs/guide/learning-rate.md')
    expect(told).toEqual(rows('docs/results/quickstart.md'))
    const [smallest, ...others] = told.map(([, ...cells]) =>
      cells.slice(0, 3).map((cell) => Number(cell.replaceAll('*', ''))),
    )
    expect(smallest![1]).toBeLessThan(smallest![2]!)
    for (const [, ofQat, ofLotion] of others) expect(ofLotion).toBeLessThan(ofQat!)
  })

  it('tells the bits of a weight', () => {
    const [fine, coarse] = [int4, withBlock(int4, perTensor)].map((format) =>
      bitsPerWeight(format, [64, 192]).toFixed(2),
    )
    expect(page('docs/guide/index.md')).toContain(`next to nothing for the scale, **${coarse}** in all`)
    expect(page('docs/guide/index.md')).toContain(`**${fine} bits a weight** for \`int4\` unless`)
    expect(int4.block).toMatchObject({ size: 32 })
    expect(page('docs/guide/write-a-task.md')).toContain(`make \`${fine}\` [bits]`)
    expect(page('docs/guide/glossary.md')).toContain(`a scale of 32 bits has ${Number(fine)}`)
  })

  it('tells the names that a transformation sees, in the words that refuse others', () => {
    const misnamed = defineTransformation({
      name: 'heavy-ball',
      slots: ['velocity'],
      scalars: () => ({ rate: 0.1 }),
      update: (x) => ({
        update: (x as unknown as Record<string, typeof x.w>)['weight']!,
        velocity: x.velocity,
      }),
    })
    const make = () =>
      createUpdater({ transformation: misnamed, shapes: { w: [1] }, executor: cpuExecutor() })
    const words = /`(?<words>heavy-ball: reads 'weight'[^`]*)`/.exec(
      page('docs/guide/write-an-optimizer.md'),
    )!
    expect(make).toThrow(words.groups!['words']!)
  })

  it('has each word of the glossary once, in order', () => {
    const words = [...page('docs/guide/glossary.md').matchAll(/<a id="(?<id>[^"]+)"><\/a>/g)].map(
      ({ groups }) => groups!['id']!,
    )
    // σ² stands where "sigma" does.
    const sorted = words.map((word) => (word === 'variance' ? 'sigma' : word))
    expect(sorted).toEqual([...new Set(sorted)].toSorted())
    for (const word of [
      'cage',
      'straight-through',
      'sqnr',
      'saturated',
      'absmax',
      'atom',
      'mass',
      'claim',
      'byname',
    ])
      expect(words).toContain(word)
  })
})

describe('the site', () => {
  it('has no page of a folder that somebody makes at the top', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lotion-pages-'))
    try {
      for (const name of ['docs', 'my-noise', 'packages']) mkdirSync(join(folder, name))
      expect(foldersWithoutPages(folder)).toEqual(['my-noise/**'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
