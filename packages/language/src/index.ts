// The public surface of @lotion/language.
export {
  loadModel,
  type EvaluateOptions,
  type GenerateOptions,
  type LanguageModel,
  type LoadModelOptions,
} from './load-model.js'
export type { SourceWish } from './open-source.js'
export type { Evaluation, ReferenceEvaluation } from './evaluate.js'
export { compareWeights, type ComparedWeights } from './compare-weights.js'
export { loadLlamaCpp, type LlamaCppModel, type LoadLlamaCppOptions } from './llama-cpp/load-llama-cpp.js'
export { judgedText, type JudgedExtents, type JudgedText } from './judged-text.js'
export { openExport, type ExportWish, type OpenExport } from './open-export.js'
