// What scripts of this repository need of @lotion/bench: no promise, it may change in any release.
export { commitOf } from './run-files/commit.js'
export { bitsOf } from './runs/comparison.js'
export { planOf } from './runs/comparison-plan.js'
export { pairedDifference, type BySeed, type PairedDifference } from './runs/paired.js'
export { branchesOf, isForAllFormats, phasesOf, phasesWord } from './runs/phase-words.js'
export { standings, type Standing } from './runs/standings.js'
export { summarize } from './runs/summary.js'
export { tune } from './runs/tune.js'
