// The public surface of @lotion/onnx.

export { onnxEngine } from './onnx-engine.js'
export type { OnnxEngine, OnnxEngineOptions } from './onnx-engine.js'
export { defineKernel } from './kernels/kernel-rule.js'
export type { KernelRule } from './kernels/kernel-rule.js'
export type { Attributes, GraphBuilder, ValueSpec } from './graph/graph-builder.js'
export type {
  Attribute,
  GraphConstant,
  GraphNode,
  GraphTensor,
  GraphType,
  OnnxGraph,
} from './graph/onnx-graph.js'
export type { Binding } from './runtime/runtime.js'
export { compareWithEager } from './compare-with-eager.js'
export type { Comparison, Disagreement } from './compare-with-eager.js'
