// A job of a few milliseconds, for tests of what surrounds jobs.
import { linearRegression } from '../src/tasks/linear-regression.js'
import { valuesOf } from '../src/tasks/task.js'
import type { RunJob } from '../src/runs/run-job.js'

/** Its steps. */
export const STEPS = 40
/** PTQ of eight weights in INT4, or as said otherwise. */
export const smallJob = (own: Partial<RunJob>): RunJob => ({
  task: { word: 'linear-regression', options: valuesOf(linearRegression, { dimension: 8 }) },
  format: 'int4',
  block: 'tensor',
  fisher: 'exact',
  noise: 'randomized-rounding',
  scaleGradient: true,
  steps: STEPS,
  casts: 2,
  evaluations: 0,
  keep: false,
  method: 'ptq',
  numbers: {},
  modules: [],
  learningRate: 0.3,
  seed: 3,
  nonFinite: 'refuse',
  branches: [STEPS / 2, STEPS],
  ...own,
})
