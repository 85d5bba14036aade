// What cells say of methods: what is not whole is not ranked, one seed tells nothing, a divergence is lost.

import { settingsOf } from '@lotion/bench/internal'
import { expect, it } from 'vitest'
import type { Cell } from './methods/cells.js'
import { findingsOf } from './methods/findings.js'
import { pageOf } from './methods/page.js'
import { cellsOf, jobOf } from './methods/jobs.js'
import { formatName, plan as wholePlan, type Plan } from './methods/plan.js'

const plan: Plan = {
  ...wholePlan,
  tables: wholePlan.tables.filter(({ name }) => name === 'two-layer'),
  formats: wholePlan.formats.filter((format) => formatName(format) === 'int4/32'),
  methods: [{ word: 'ptq' }, { word: 'lotion' }, { word: 'lsq@0.8' }],
}
const table = plan.tables[0]!

/** Cells of a method, by seed. */
const cells = (method: string, losses: Readonly<Record<number, number>>): readonly Cell[] =>
  Object.entries(losses).map(([seed, nearest]) => ({
    table: table.name,
    format: 'int4/32',
    method,
    settings: '',
    rate: table.usual,
    seed: Number(seed),
    fullPrecision: nearest,
    nearest,
    randomized: nearest,
    seconds: 1,
    sitting: 0,
  }))

const found = async (...all: readonly (readonly Cell[])[]) => (await findingsOf(plan, table, all.flat()))[0]!
const ptq = cells('ptq', { 20: 1, 21: 2, 22: 3 })
const lotion = cells('lotion', { 20: 1.1, 21: 2.1001, 22: 3.1 })
const lsq = cells('lsq@0.8', { 20: 1.2, 21: 2.2001, 22: 3.2 })

it('ranks methods once all are there with the same seeds', async () => {
  const whole = await found(ptq, lotion, lsq)
  expect(whole.isRanked).toBe(true)
  expect(whole.rows.map(({ standing }) => standing)).toEqual(['best', 'behind', 'behind'])
})

it('ranks nobody while a method, or seeds of one, are missing, or as many are others', async () => {
  const parts = [
    [ptq, lotion],
    [ptq, lotion, lsq.slice(1)],
    [ptq, lotion, cells('lsq@0.8', { 20: 1.2, 21: 2.2, 23: 9 })],
  ]
  for (const part of parts) {
    const { isWhole, isRanked, rows } = await found(...part)
    expect([isWhole, isRanked]).toEqual([false, false])
    expect(rows.every((row) => row.standing === undefined)).toBe(true)
  }
  // A difference is over the seeds that both have.
  const [first] = (await found(ptq, lotion, lsq.slice(1))).rows
  expect(first!.difference).toMatchObject({ seeds: 2, better: 2 })
})

it('ranks nobody where the rates of some were chosen and of others not', async () => {
  const tried = table.rates.flatMap((rate) =>
    table.choosing.flatMap((seed) => cells('ptq', { [seed]: rate }).map((cell) => ({ ...cell, rate }))),
  )
  // The lowest loss has the lowest rate, with which the seeds that report are run.
  const chosen = ptq.map((cell) => ({ ...cell, rate: table.rates[0]! }))
  const { isWhole, rows } = await found(tried, chosen, lotion, lsq)
  expect(rows.map((row) => row.tried)).toEqual([4, 0, 0])
  expect(isWhole).toBe(false)
})

it('ranks nobody by one seed, and says so on the page', async () => {
  const one = [ptq, lotion, lsq].map((own) => own.slice(0, 1))
  const { isWhole, isRanked, rows } = await found(...one)
  expect([isWhole, isRanked]).toEqual([true, false])
  expect(rows.every((row) => row.standing === undefined)).toBe(true)
  // Cells of the plan have its settings.
  const text = await pageOf({ plan, command: 'it', book: await bookOf(one.flat()) })
  expect(text).toContain('One seed tells nothing apart')
  expect(text.split('## Two-layer')[1]).not.toMatch(/\*\*\d/)
})

it('counts a seed on which a method diverged as lost, however it did on others', async () => {
  const good = cells('lotion', { 20: 0.5, 21: 1.5001, 22: Infinity })
  const { rows } = await found(ptq, good, lsq)
  expect(rows[1]).toMatchObject({
    standing: 'behind',
    difference: { diverged: 1, isApart: true, mean: Infinity },
  })
  const text = await pageOf({ plan, command: 'it', book: await bookOf([...ptq, ...good, ...lsq]) })
  expect(text).toMatch(
    /\| `lotion` +\| [^|]+\| diverged +\| diverged +\| diverged +\| diverged on 1 of 3 +\| 3 /,
  )
  // Lowest, level, run, better, worse.
  expect(text).toMatch(/\| `lotion` +\| 0 +\| 0 +\| 1 +\| 0 +\| 1 +\|/)
})

/** A book of cells that have the settings of the plan. */
async function bookOf(own: readonly Cell[]) {
  const known = new Map<string, string>()
  for (const method of plan.methods)
    known.set(method.word, settingsOf(await jobOf(plan, table, plan.formats[0]!, method)))
  const all = own.map((cell) => ({ ...cell, settings: known.get(cell.method)! }))
  expect((await cellsOf(plan, all)).others).toEqual([])
  return { all: () => all, sittings: () => [] }
}
