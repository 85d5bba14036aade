// What tests of several packages share; never published.
export { amount } from './amount.js'
export { awkwardTexts, manyTexts } from './awkward-texts.js'
export { bundled } from './bundled.js'
export { evaluateTex } from './evaluate-tex.js'
export * as gguf from './gguf-bytes.js'
export {
  formulaOf,
  formulaLayouts,
  program,
  specialNumbers,
  weights,
  type Program,
} from './random-formulas.js'
export { expectSame, sameBytes } from './same-bits.js'
export { zipfIds } from './zipf-ids.js'
export { centralDifferences, type Element } from './central-differences.js'
export { llamaCppBinaries } from './llama-cpp-binaries.js'
export { llamaLoss64 } from './llama-loss-64.js'
export { mlpLoss64 } from './mlp-loss-64.js'
export { pythonPackages, type PythonPackages } from './python-packages.js'
