// Every lane function on every way that the CPU executor runs: no bit is off. See docs/design/10-matrix.md.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awaken, cpuColumns, type CpuColumn } from './cpu-columns.js'
import { laneFunctions } from './lane-functions.js'
import { matrixTable } from './matrix-table.js'
import { nodeColumns } from './node-columns.js'
import { unlistedExports } from './plugins.js'
import { isOff, runMatrix, type MatrixCell, type MatrixExecutor } from './run-matrix.js'

describe('the list of lane functions', () => {
  it('has every exported plugin: list a new maker of plugins, or what makes none, in plugins.ts', () => {
    expect(unlistedExports()).toEqual([])
  })

  it('names each function once', () => {
    const names = laneFunctions.map(({ name }) => name)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
    expect(names.length).toBeGreaterThan(300)
  })
})

describe('the matrix', () => {
  let columns: readonly CpuColumn[] = []
  let others: readonly MatrixExecutor[] = []
  let cells: readonly MatrixCell[] = []
  beforeAll(async () => {
    columns = cpuColumns()
    for (const column of columns) if (column.together) await awaken(column)
    const found = await nodeColumns()
    others = found.columns
    for (const reason of found.missing) console.warn(`SKIPPED: ${reason}`)
    cells = await runMatrix(laneFunctions, [...columns, ...others])
  }, 300_000)
  afterAll(() => columns.forEach(({ executor }) => executor.close()))

  it('is 0 ulp off the f32 evaluation, on every executor', () => {
    const off = cells.filter(isOff)
    expect(off, matrixTable(off)).toEqual([])
  })

  it('compares numbers in every cell', () => {
    expect(cells.filter(({ values }) => values === 0)).toEqual([])
    for (const { name, only } of [...columns, ...others]) {
      const mine = cells.filter(({ executor }) => executor === name)
      expect(mine.length).toBe(laneFunctions.filter((entry) => only?.(entry) ?? true).length)
    }
  })

  it('ran where it says', () => {
    const ran = Object.fromEntries(columns.map(({ name, executor }) => [name, executor.report()]))
    expect(Object.values(ran).map(({ backend }) => backend)).toEqual([
      'interpreter',
      'js',
      'wasm',
      'wasm',
      'wasm',
    ])
    expect(ran['wasm']!.formulas.find(({ name }) => name === 'adamw')).toMatchObject({
      backend: 'wasm',
      copied: 0,
    })
    expect(ran['wasm, copies']!.reasons.join()).toMatch('no shared memory')
    expect(ran['wasm, 2 threads']!.jobs.elsewhere).toBeGreaterThan(0)
  })
})
