// The public surface of @lotion/export.
export { builtInTargets } from './built-in-targets.js'
export type { ExportGrid, ExportModel, ExportTensor, ExportTokenizer } from './export-model.js'
export { openOnnx, type OnnxWeightInfo, type OnnxWeights } from './onnx/open-onnx.js'
export {
  defineExportTarget,
  type ExportFile,
  type ExportOptions,
  type ExportTarget,
  type FloatType,
} from './export-target.js'
export * from './targets/index.js'
