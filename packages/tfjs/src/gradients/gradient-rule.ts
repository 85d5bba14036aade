// The shape of a gradient rule of ours for a tfjs operation. Comes in: what tfjs hands to its own rule, and
// that rule. Goes out: gradients by input. Source: tfjs, kernel_registry.ts (GradConfig).

import type * as tfjs from '@tensorflow/tfjs-core'

/** ∂loss/∂input by input, each computed when it is asked for. */
export type Gradients = ReturnType<tfjs.GradConfig['gradFunc']>

/** What the rule of an operation is given. */
export interface GradientCall {
  readonly tf: typeof tfjs
  readonly dy: tfjs.Tensor
  /** Tensors saved in the forward pass. */
  readonly saved: readonly tfjs.Tensor[]
  /** Attributes of the forward kernel. */
  readonly attributes: Readonly<Record<string, unknown>>
  /** tfjs's own rule, with another gradient or other attributes. */
  own(dy: tfjs.Tensor, attributes: Readonly<Record<string, unknown>>): Gradients
}

/** A rule for one kernel, in place of tfjs's. */
export interface GradientRule {
  /** The forward kernel, as tfjs names it. */
  readonly kernel: string
  /** The gradients. @throws RangeError where no rule is known to be right. */
  gradients(call: GradientCall): Gradients
}
