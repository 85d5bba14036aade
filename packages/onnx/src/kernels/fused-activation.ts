// Part of the fused kernels (_FusedMatMul, FusedConv2D): the activation that follows the bias.
// Comes in: the pre-activation and tfjs's activation name. Goes out: the activated value.

import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { binary, predicate, unary, where } from '../graph/operators.js'
import { elu } from './exponentials.js'

/** Hold what parametric activations need besides x. */
export interface ActivationParameters {
  readonly leakyreluAlpha: number | undefined
  readonly preluWeights: GraphTensor | undefined
}

/**
 * Apply a fused activation by its tfjs name.
 * @throws for a name that tfjs does not fuse.
 */
export function fusedActivation(
  graph: GraphBuilder,
  x: GraphTensor,
  activation: string | undefined,
  { leakyreluAlpha = 0.2, preluWeights }: ActivationParameters,
): GraphTensor {
  switch (activation ?? 'linear') {
    case 'linear':
      return x
    case 'relu':
      return unary(graph, 'Relu', x)
    case 'relu6':
      return graph.emit('Clip', [x, graph.scalar(0), graph.scalar(6)], x)
    case 'elu':
      return elu(graph, x)
    case 'sigmoid':
      return unary(graph, 'Sigmoid', x)
    case 'leakyrelu':
      return unary(graph, 'LeakyRelu', x, { alpha: { float: leakyreluAlpha } })
    case 'prelu':
      if (preluWeights === undefined)
        throw new Error("fused activation 'prelu' needs its weights, found none")
      return where(
        graph,
        predicate(graph, 'Less', x, graph.scalar(0)),
        binary(graph, 'Mul', preluWeights, x),
        x,
      )
    default:
      throw new Error(`fused activation '${activation}' is unknown; apply it as a separate operation`)
  }
}
