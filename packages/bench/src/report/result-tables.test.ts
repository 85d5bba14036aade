import { expect, test } from 'vitest'
import type { EvaluationRecord } from '../records.js'
import { evaluationsTable } from './result-tables.js'

const evaluation: EvaluationRecord = {
  type: 'evaluation',
  method: 'ptq',
  seed: 0,
  step: 2,
  training: 2.25,
  fullPrecision: 1.75,
  nearest: 2,
  timing: { at: '2026-01-01T00:00:00.000Z', trainingSeconds: 1 },
}

test('every evaluation has its randomized cast beside the nearest one, where runs have such', () => {
  const cellsOf = (...evaluations: readonly EvaluationRecord[]): string =>
    String(evaluationsTable({ evaluations, loss: { name: 'loss', meaning: '', decimals: 4 } })).replaceAll(
      /(\s*<[^>]*>\s*)+/g,
      '|',
    )
  expect(cellsOf(evaluation)).toContain('|nearest|ptq|')
  const cells = cellsOf({ ...evaluation, randomized: 2.75 }, evaluation)
  expect(cells).toContain('|nearest|one rounding|ptq|')
  expect(cells).toContain('|1.7500|2.0000|2.7500|ptq|')
  expect(cells).toContain('|1.7500|2.0000|–|')
})
