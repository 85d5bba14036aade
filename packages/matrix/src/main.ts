// `npm run matrix`: runs the matrix on the CPU executors and prints it. Comes in: `--every` for a line a
// function, and parts of names. Goes out: a table, where formulas ran, status 1 if a bit is off or a formula
// ran elsewhere than its column says.

import { awaken, cpuColumns } from './cpu-columns.js'
import { laneFunctions, pairFunctions } from './lane-functions.js'
import { matrixTable } from './matrix-table.js'
import { nodeColumns } from './node-columns.js'
import { isOff, runMatrix } from './run-matrix.js'

const given = process.argv.slice(2)
const parts = given.filter((argument) => !argument.startsWith('-'))
const entries = [...laneFunctions, ...pairFunctions].filter(
  ({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)),
)
const columns = cpuColumns()
const start = performance.now()
for (const column of columns) if (column.together) await awaken(column)
const others = await nodeColumns()
const cells = await runMatrix(entries, [...columns, ...others.columns])
console.log(matrixTable(cells, given.includes('--every')))
let fallbacks = 0
for (const { name, executor } of columns) {
  const { backend, formulas, jobs } = executor.report()
  const others = formulas.filter((formula) => formula.backend !== backend)
  fallbacks += others.length
  const reasons = [...new Set(others.map(({ reason }) => reason ?? ''))].join('; ')
  const elsewhere =
    jobs.elsewhere > 0 ? `, ${jobs.elsewhere} of ${jobs.here + jobs.elsewhere} jobs elsewhere` : ''
  const fallback =
    others.length > 0 ? `, ${others.length} of ${formulas.length} formulas not: ${reasons}` : ''
  console.log(`${name}: ${backend}${elsewhere}${fallback}`)
  executor.close()
}
for (const reason of others.missing) console.log(`MISSING ${reason}`)
console.log(`${((performance.now() - start) / 1000).toFixed(0)} s`)
process.exitCode = cells.some(isOff) || fallbacks > 0 ? 1 : 0
