// The public surface of @lotion/onnx.

export { onnxEngine } from './onnx-engine.js'
export type { OnnxEngine, OnnxEngineOptions } from './onnx-engine.js'
export { builtInKernels } from './kernels/index.js'
export { defineKernel } from './kernels/kernel-rule.js'
export type { KernelRule } from './kernels/kernel-rule.js'
export { segmentSum } from './kernels/segment-sum.js'
export { graphBuilder } from './graph/graph-builder.js'
export type { Attributes, GraphBuilder, ValueSpec } from './graph/graph-builder.js'
export type {
  Attribute,
  GraphConstant,
  GraphNode,
  GraphTensor,
  GraphType,
  OnnxGraph,
} from './graph/onnx-graph.js'
export { encodeModel } from './graph/encode-model.js'
export { traceForward, traceGradients } from './trace/trace-program.js'
export type { BatchPort, Port, TracedFunction, TraceOptions } from './trace/trace-program.js'
export { compareWithEager } from './compare-with-eager.js'
export type { Comparison, Disagreement } from './compare-with-eager.js'
export { CHECK_SECONDS } from './check-first-step.js'
