// What a trace can be asked for. Comes in: options as they arrive. Goes out: rules by kernel and the limit of
// constants, checked.

import { builtInKernels } from '../kernels/index.js'
import type { KernelRule } from '../kernels/kernel-rule.js'
import type { TraceSettings } from './traced-scope.js'

/** Choose the rules and the constant limit of a trace. @experimental */
export interface TraceOptions {
  /** Rules for further tfjs kernels, or other rules for known ones. Default: none. */
  readonly kernels?: readonly KernelRule[] | undefined
  /** Largest constant that a traced function may hold, in bytes; default 4096. */
  readonly maxConstantBytes?: number | undefined
}

/** Complete the options of a trace. @throws RangeError, naming `what`, if the limit is no count of bytes. */
export function traceSettings(
  what: string,
  { kernels = [], maxConstantBytes = 4096 }: TraceOptions,
): Pick<TraceSettings, 'rules' | 'maxConstantBytes'> {
  if (!Number.isInteger(maxConstantBytes) || maxConstantBytes < 0)
    throw new RangeError(
      `${what} maxConstantBytes: expected a whole number ≥ 0, found ${String(maxConstantBytes)}`,
    )
  const rules = new Map([...builtInKernels, ...kernels].map((rule) => [rule.kernel, rule]))
  return { rules, maxConstantBytes }
}
