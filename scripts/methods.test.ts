// The table of methods on problems of a few weights: all cells are there, a second call trains nothing, one
// that was stopped goes on, and the page is the same. What formats share is what they would train alone.

import { copyFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { linearRegression, twoLayer, valuesOf } from '@lotion/bench'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callOf, methodsTable, type MethodsTable } from './measure-methods.js'
import { cellBook, type Cell } from './methods/cells.js'
import { formatName, methodName, plan as wholePlan, type Plan } from './methods/plan.js'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lotion-methods-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const common = { loss: 'its own', fisher: 'exact', casts: 1, steps: 20 }
const plan: Plan = {
  baseline: 'lsq@0.8',
  formats: [
    { word: 'int4', block: 'tensor', scales: ['mse-clip'] },
    { word: 'nvfp4', block: '16', scales: [] },
  ],
  methods: [
    { word: 'ptq' },
    { word: 'ptq', scale: 'mse-clip' },
    { word: 'lsq@0.8' },
    { word: 'lotion' },
    { word: 'lotion+lsq@0.8' },
  ],
  tables: [
    {
      ...common,
      name: 'linear-regression',
      title: 'Linear regression',
      task: { word: 'linear-regression', options: valuesOf(linearRegression, { dimension: 16 }) },
      rates: [0.3, 1],
      usual: 1,
      choosing: [0],
      reporting: [20, 21],
    },
    {
      ...common,
      name: 'two-layer',
      title: 'Two-layer network',
      task: { word: 'two-layer', options: valuesOf(twoLayer, { dimension: 16, width: 2 }) },
      rates: [1e-2],
      usual: 1e-2,
      choosing: [0],
      reporting: [20],
    },
  ],
}

/** Trainings of the first table: 5 methods in the first format and 4 in the second, by rates and seeds. */
const CELLS = 9 * (2 + 2)

const call = (name: string, own: Partial<MethodsTable> = {}): MethodsTable => ({
  plan,
  tables: ['linear-regression'],
  formats: plan.formats.map(formatName),
  methods: plan.methods.map(methodName),
  choose: true,
  workers: 1,
  folder: join(folder, name),
  page: join(folder, `${name}.md`),
  pageOnly: false,
  signal: new AbortController().signal,
  onCell: () => undefined,
  ...own,
})
const pageText = (name: string): Promise<string> => readFile(join(folder, `${name}.md`), 'utf8')
/** A page without what differs from one machine and moment to the next. */
const told = (text: string): string => text.replace(/## How it was made[\s\S]*/, '')
const cellsIn = (name: string): readonly Partial<Cell>[] =>
  cellBook(join(folder, `${name}.jsonl`))
    .all()
    .map((cell) => ({ ...cell, seconds: 0, sitting: 0 }))

describe('the table of methods', () => {
  it('is made in parts, stopped, gone on with, and made again from its cells, and is the same', async () => {
    let made: Cell[] = []
    const onCell = (cell: Cell): void => void made.push(cell)
    await methodsTable(call('whole', { onCell }))
    expect(made.length).toBe(CELLS)
    const whole = await pageText('whole')
    expect(whole.split('## Two-layer')[0]).not.toContain('missing')
    expect(whole).toContain(`${CELLS} trainings, ${9 * 2} of them to choose rates`)

    made = []
    await methodsTable(call('whole', { onCell }))
    expect(made).toEqual([])
    expect(await pageText('whole')).toBe(whole)

    // One format after the other, the later phases before what they begin with, and stopped after some cells.
    made = []
    const late = plan.methods.map(methodName).filter((name) => name.includes('@'))
    for (const methods of [late, plan.methods.map(methodName)])
      for (const format of plan.formats.toReversed()) {
        const part = { formats: [formatName(format)], methods }
        const stop = new AbortController()
        let count = 0
        const first = call('parts', {
          ...part,
          signal: stop.signal,
          onCell: (cell) => {
            onCell(cell)
            if (++count === 3) stop.abort(new Error('stopped'))
          },
        })
        await expect(methodsTable(first)).rejects.toThrow('stopped')
        await methodsTable(call('parts', { ...part, onCell }))
      }
    expect(made.length).toBe(CELLS)
    const byName = (cells: readonly Partial<Cell>[]) => cells.map((cell) => JSON.stringify(cell)).sort()
    expect(byName(cellsIn('parts'))).toEqual(byName(cellsIn('whole')))
    expect(told(await pageText('parts'))).toBe(told(whole))

    await writeFile(join(folder, 'whole.md'), '')
    await methodsTable(call('whole', { pageOnly: true }))
    expect(await pageText('whole')).toBe(whole)
    // A hundred files, each of them whole before it has its name: slow on a busy disk.
  }, 300_000)

  it('says what a part is missing, and which rates nobody chose', async () => {
    await methodsTable(call('part', { tables: ['two-layer'], formats: ['nvfp4/16'], choose: false }))
    const text = await pageText('part')
    expect(text).toMatch(/\| int4\/tensor +\| 0 of 5 +\| 0 of 5 +\|/)
    expect(text).toMatch(/\| nvfp4\/16 +\| 0 of 4 +\| 4 of 4 +\|/)
    expect(text).toContain('0.01 (usual)')
    expect(text).toContain('4 trainings, 0 of them to choose rates')
  })

  it('refuses a folder, and a file of cells, that another process works on', async () => {
    // The first waits in the midst of its work until the others are refused.
    let looked = 0
    const part = { tables: ['two-layer'], formats: ['nvfp4/16'], methods: ['ptq'], choose: false }
    const one = call('one', {
      ...part,
      onCell: async () => {
        looked++
        await expect(methodsTable({ ...one, page: join(folder, 'other.md') })).rejects.toThrow(
          /one: expected a run that no other process works on/,
        )
        await expect(methodsTable({ ...one, folder: join(folder, 'other') })).rejects.toThrow(
          /one\.jsonl: expected a file that no other process works on/,
        )
        // Looking needs no lock.
        await methodsTable({ ...one, pageOnly: true })
      },
    })
    await methodsTable(one)
    expect(looked).toBe(1)
    // What was refused at its second lock gave the first back.
    await methodsTable(call('other', part))
    expect(cellsIn('other')).toHaveLength(1)
  })

  it('reads the cells once they are held: none that another made meanwhile is lost', async () => {
    const part = { tables: ['two-layer'], formats: ['nvfp4/16'], choose: false }
    await methodsTable(call('left', { ...part, methods: ['ptq'] }))
    const right = methodsTable(call('right', { ...part, page: join(folder, 'both.md'), methods: ['lotion'] }))
    // Written before the call has anything: by whoever held the file until then.
    copyFileSync(join(folder, 'left.jsonl'), join(folder, 'both.jsonl'))
    await right
    expect(cellsIn('both').map(({ method }) => method)).toEqual(['lotion', 'ptq'])
  })

  it('makes cells anew for a plan of other numbers, and shows those of its own alone', async () => {
    const part = { tables: ['two-layer'], formats: ['nvfp4/16'], methods: ['ptq'], choose: false }
    const longer: Plan = { ...plan, tables: plan.tables.map((table) => ({ ...table, steps: 40 })) }
    const made: Cell[] = []
    const onCell = (cell: Cell): void => void made.push(cell)
    await methodsTable(call('plans', { ...part, onCell }))
    const first = await pageText('plans')
    await methodsTable(call('plans', { ...part, plan: longer, onCell }))
    expect(made).toHaveLength(2)
    const second = await pageText('plans')
    expect(second).toContain('1 trainings, 0 of them')
    expect(second).toContain('1 trainings more lie in `methods.jsonl` that are of other settings')
    // Back again nothing is made: the cells of the first plan are there.
    await methodsTable(call('plans', { ...part, onCell }))
    expect(made).toHaveLength(2)
    const table = (text: string) => told(text).slice(text.indexOf('## Two-layer'))
    expect(table(await pageText('plans'))).toBe(table(first))
    expect(table(second)).not.toBe(table(first))
  })

  it('reads its options', () => {
    expect(callOf(['--quick'], wholePlan)).toMatchObject({
      tables: ['language'],
      formats: ['int4/32', 'int3/row'],
      seeds: 2,
      choose: false,
    })
    expect(callOf(['--quick', '--formats', 'nvfp4/16', '--seeds', '1'], wholePlan)).toMatchObject({
      formats: ['nvfp4/16'],
      seeds: 1,
    })
    expect(callOf([], wholePlan).formats).toHaveLength(8)
    expect(() => callOf(['--methods', 'qat,magic'], wholePlan)).toThrow(
      /^methods: expected names among ptq, .*, found 'magic'$/,
    )
    expect(callOf(['--seeds', '7', '--tables', 'two-layer'], wholePlan).seeds).toBe(7)
    expect(() => callOf(['--seeds', '7'], wholePlan)).toThrow(
      /^seeds: expected at most the 5 that report for language, found 7; /,
    )
    expect(() => callOf(['--seeds', '0'], wholePlan)).toThrow(/^seeds: expected a whole number from 1/)
  })
})
