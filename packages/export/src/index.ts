// The public surface of @lotion/export.
export type { ExportGrid, ExportModel, ExportTensor, ExportTokenizer } from './export-model.js'
export {
  defineExportTarget,
  type ExportFile,
  type ExportOptions,
  type ExportTarget,
  type FloatType,
} from './export-target.js'
