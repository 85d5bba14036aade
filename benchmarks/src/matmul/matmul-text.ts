// Speed of matrix products as people and programs read it. Comes in: a report. Goes out: a table, or lines of JSON.
// Source: docs/design/07-cpu.md, "Matrix products".

import { textTable } from '@lotion/cli'
import { deviceLine } from '../engine/device-description.js'
import type { MatmulBenchReport, MatmulRow } from './bench-matmul.js'

/** Lay out a report: a line a product, a column a way. */
export function matmulTable(
  { preset, device, rows, skipped }: MatmulBenchReport,
  { plain }: { readonly plain: boolean },
): string {
  const wayOf = ({ way, threads }: MatmulRow): string => `${way}, ${threads} thread${threads > 1 ? 's' : ''}`
  const keyOf = ({ use, form }: MatmulRow): string => `${use} ${form}`
  const ways = [...new Set(rows.map(wayOf))]
  const products = [...new Set(rows.map(keyOf))].map((key) => rows.filter((row) => keyOf(row) === key))
  const table = textTable({
    head: ['product', 'rows × depth × columns', 'form', ...ways, 'ours / tfjs'],
    rows: products.map((found) => {
      const { use, batch, rows: m, depth, columns, form } = found[0]!
      const stock = found.find(({ way }) => way === 'tfjs wasm')
      const ours = found.find(({ way }) => way === 'ours')
      return [
        use,
        `${batch.length > 0 ? `${batch.join('·')} of ` : ''}${m} × ${depth} × ${columns}`,
        form,
        ...ways.map((way) => found.find((row) => wayOf(row) === way)?.gigaflops.toFixed(1) ?? ''),
        stock && ours ? `${(ours.gigaflops / stock.gigaflops).toFixed(1)} ×` : '',
      ]
    }),
    align: ['left', 'right', 'left', ...ways.map(() => 'right' as const), 'right'],
    plain,
  })
  return [
    `matrix products of the ${preset} model's training step, GFLOP/s by the median; one product each a round, in turns`,
    deviceLine(device),
    '',
    table,
    ...skipped.map(({ engine, skipped: why }) => `SKIPPED ${engine}: ${why}`),
    '',
  ].join('\n')
}

/** Write a report as JSON, a line a product and way. */
export function matmulJson({ preset, device, rows, skipped }: MatmulBenchReport): string {
  return [...rows, ...skipped].map((row) => `${JSON.stringify({ ...row, preset, device })}\n`).join('')
}
