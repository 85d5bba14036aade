// The feed-forward layers of decoders. Comes in: a name, extents. Goes out: parts that widen rows, bend them
// and narrow them again.

import type { Activation } from '../activation.js'
import { swiglu } from '../swiglu.js'
import { joined, type Layer } from './layer.js'
import { linear } from './linear.js'

/** What a feed-forward layer is made of. */
export interface FeedForwardOptions {
  readonly dimension: number
  readonly hidden: number
  readonly bias: boolean
  /** Factor on the initial weights of what narrows. */
  readonly gain: number
}

/** Compute down(silu(gate(x)) · up(x)) with `gate_proj`, `up_proj`, `down_proj`. */
export function gatedFeedForward(at: string, { dimension, hidden, bias, gain }: FeedForwardOptions): Layer {
  const gate = linear(`${at}.gate_proj`, { inputs: dimension, outputs: hidden, bias })
  const up = linear(`${at}.up_proj`, { inputs: dimension, outputs: hidden, bias })
  const down = linear(`${at}.down_proj`, { inputs: hidden, outputs: dimension, bias, gain })
  return {
    parameters: joined(gate, up, down),
    apply: (params, x) => down.apply(params, swiglu(gate.apply(params, x), up.apply(params, x))),
  }
}

/** Compute narrow(activation(widen(x))) with `c_fc` and `c_proj`. */
export function plainFeedForward(
  at: string,
  { dimension, hidden, bias, gain }: FeedForwardOptions,
  activation: Activation,
): Layer {
  const widen = linear(`${at}.c_fc`, { inputs: dimension, outputs: hidden, bias })
  const narrow = linear(`${at}.c_proj`, { inputs: hidden, outputs: dimension, bias, gain })
  return {
    parameters: joined(widen, narrow),
    apply: (params, x) => narrow.apply(params, activation.apply(widen.apply(params, x))),
  }
}
