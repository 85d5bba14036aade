// Runs the example and holds README.md to it: the table, the sizes, and what is said of their order.
import { ok, strictEqual } from 'node:assert'
import { readFileSync } from 'node:fs'
import { results, sizes, table } from './main.js'

const told = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const rows = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replaceAll(/\s+/g, ' ').replaceAll(/-+/g, '-'))
strictEqual(rows(told).join('\n'), rows(table).join('\n'), 'README.md is old: npm start -- --write')

const [f32, packed] = sizes.map((bytes) => `${(bytes / 1000).toFixed(1)} kB`)
ok(told.replaceAll(/\s+/g, ' ').includes(`${f32} of weights become ${packed}`))

const { FP32, INT4, INT3, INT2 } = results
for (const method of ['PTQ', 'QAT', 'LOTION']) ok(INT4![method]!.loss < FP32!['PTQ']!.loss + 0.01)
for (const method of ['QAT', 'LOTION']) {
  ok(INT3![method]!.errors < INT3!['PTQ']!.errors)
  ok(INT2![method]!.errors < 0.6 * INT2!['PTQ']!.errors)
}
