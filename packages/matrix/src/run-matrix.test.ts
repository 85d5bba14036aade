// Every lane function on the ways that the CPU executor runs, a few on every executor: no bit is off. All of
// it, with more weights and layouts, is `npm run matrix`. See docs/design/10-matrix.md.
import { amount } from '@lotion/test-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awaken, cpuColumns, type CpuColumn } from './cpu-columns.js'
import { devicesGetInBrief, few } from './few-functions.js'
import { laneFunctions, pairFunctions } from './lane-functions.js'
import { matrixTable } from './matrix-table.js'
import { nodeColumns } from './node-columns.js'
import { isOff, runMatrix, type MatrixCell, type MatrixExecutor } from './run-matrix.js'

describe('the list of lane functions', () => {
  it('names each function once', () => {
    const names = [...laneFunctions, ...pairFunctions].map(({ name }) => name)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
    expect(names.length).toBeGreaterThan(600)
  })
})

describe('the matrix in brief', () => {
  // Of the many noises with formats, a part: the fingerprint of each is compared anyway.
  const entries = laneFunctions
    .filter(({ name }, i) => !name.startsWith('noise/') || i % amount(4, 1) === 0)
    .map((entry) => ({ ...entry, brief: true }))
  let columns: readonly CpuColumn[] = []
  let all: readonly MatrixExecutor[] = []
  let cells: readonly MatrixCell[] = []
  beforeAll(async () => {
    columns = cpuColumns()
    for (const column of columns) if (column.together) await awaken(column)
    const { columns: others, missing } = await nodeColumns()
    for (const reason of missing) console.warn(`SKIPPED: ${reason}`)
    all = [...columns, ...others].map((column) => {
      if (['JavaScript', 'wasm'].includes(column.name)) return column
      if (!column.light) return { ...column, only: few }
      return amount(0, 1) === 1 ? column : { ...column, only: devicesGetInBrief }
    })
    cells = await runMatrix(entries, all)
  }, 300_000)
  afterAll(() => columns.forEach(({ executor }) => executor.close()))

  it('is 0 ulp off the f32 evaluation, on every executor', () => {
    const off = cells.filter(isOff)
    expect(off, matrixTable(off)).toEqual([])
  })

  it('compares numbers in every cell', () => {
    expect(cells.filter(({ values }) => values === 0)).toEqual([])
    for (const { name, only } of all) {
      const mine = cells.filter(({ executor }) => executor === name)
      expect(mine.length).toBe(entries.filter((entry) => only?.(entry) ?? true).length)
    }
  })

  // A formula with an operation that has no WebAssembly form would run as JavaScript, 10 to 40 times slower,
  // and nothing else would fail.
  it('ran where it says, every formula of it', () => {
    const ran = columns.map(({ name, executor }) => [name, executor.report()] as const)
    expect(ran.map(([, { backend }]) => backend)).toEqual(['interpreter', 'js', 'wasm', 'wasm', 'wasm'])
    for (const [, { backend, formulas }] of ran) {
      expect(formulas.length).toBeGreaterThan(0)
      expect(formulas.filter((formula) => formula.backend !== backend)).toEqual([])
    }
    const { wasm, ...rest } = Object.fromEntries(ran)
    expect(wasm!.formulas.find(({ name }) => name === 'adamw')).toMatchObject({ copied: 0 })
    expect(rest['wasm, copies']!.reasons.join()).toMatch('no shared memory')
    expect(rest['wasm, 2 threads']!.jobs.elsewhere).toBeGreaterThan(0)
  })
})
