// The public surface of @lotion/onnx/trace: tfjs functions as ONNX models, without a runtime.

export { traceForward, traceGradients } from './trace-program.js'
export type { BatchPort, Port, TracedFunction } from './trace-program.js'
export { exportOnnx } from './export-onnx.js'
export type { ExportedWeights, GridWeights } from './export-onnx.js'
export type { TraceOptions } from './trace-options.js'
export { encodeModel } from '../graph/encode-model.js'
export { defineKernel } from '../kernels/kernel-rule.js'
export type { KernelRule } from '../kernels/kernel-rule.js'
export type { Attributes, GraphBuilder, ValueSpec } from '../graph/graph-builder.js'
export type {
  Attribute,
  GraphConstant,
  GraphNode,
  GraphTensor,
  GraphType,
  OnnxGraph,
} from '../graph/onnx-graph.js'
