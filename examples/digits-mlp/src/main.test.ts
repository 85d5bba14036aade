// Runs the example and holds it to what its README says. Orders only: the gaps are several times the spread
// of the seeds.
import { ok, strictEqual } from 'node:assert'
import { results } from './main.js'

const { ptq, qat, lotion } = results
ok(ptq && qat && lotion)
ok(qat.nearest < ptq.nearest && lotion.nearest < ptq.nearest)
ok(lotion.randomized < ptq.randomized && ptq.randomized < qat.randomized)
ok(lotion.randomized - lotion.nearest < (qat.randomized - qat.nearest) / 5)
strictEqual(
  Object.values(results).every(({ errorNearest }) => errorNearest < 10),
  true,
)
