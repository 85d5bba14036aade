// What an executor's results may be: the bits of the evaluation, or what its declared bounds allow. Comes in:
// calls. Goes out: expected values with a test for each. Source: `ErrorBounds` of @lotion/core.

import {
  defineLanes,
  evaluate,
  trace,
  type ErrorBounds,
  type EvaluateCall,
  type LaneFn,
  type LaneNode,
} from '@lotion/core'
import { builderOf, reachable } from '@lotion/core/internal'

/** Expected values of one output. */
export interface Expectation {
  readonly values: Float64Array
  allows(found: number, at: number): boolean
}

type Arithmetic = 'f64' | 'f32'

/** Evaluate calls, and say what may be found instead. NaN equals NaN: no executor promises its bits. */
export function expectations(
  calls: readonly EvaluateCall[],
  { arithmetic, bounds = {} }: { readonly arithmetic: Arithmetic; readonly bounds?: ErrorBounds },
): readonly Readonly<Record<string, Expectation>>[] {
  const expected = evaluate(calls, arithmetic)
  // A device that flushes may take a subnormal operand for 0: the evaluation of either is right.
  const flushed = bounds.flushes ? evaluate(calls.map(withoutSubnormals), arithmetic) : expected
  const slack = calls.map((call) => errorOf(call, bounds, arithmetic))
  return expected.map((outputs, i) =>
    Object.fromEntries(
      Object.entries(outputs).map(([name, values]) => [
        name,
        {
          values,
          allows: (found: number, at: number) =>
            [values[at]!, flushed[i]![name]![at]!].some((value) =>
              agrees(found, Math.fround(value), slack[i]!, bounds.flushes ?? false),
            ),
        },
      ]),
    ),
  )
}

const SMALLEST_NORMAL = 2 ** -126

function agrees(found: number, value: number, slack: number, flushes: boolean): boolean {
  if (Object.is(found, value)) return true
  if (flushes && Math.abs(value) <= SMALLEST_NORMAL && found === 0) return true
  return slack > 0 && Math.abs(found - value) <= slack
}

function withoutSubnormals(call: EvaluateCall): EvaluateCall {
  const flush = (x: number): number =>
    Math.abs(x) < SMALLEST_NORMAL ? (x < 0 || Object.is(x, -0) ? -0 : 0) : x
  const inputs = Object.entries(call.inputs).map(([name, given]) => [
    name,
    typeof given === 'number' ? flush(given) : Array.from(given, flush),
  ])
  return { ...call, inputs: Object.fromEntries(inputs) as EvaluateCall['inputs'] }
}

/** The sum of a formula's errors of operations, each in units of the last place of its largest value. */
function errorOf(call: EvaluateCall, { ulp = {} }: ErrorBounds, arithmetic: Arithmetic): number {
  const nodes = nodesOf(call.fn)
  const errors = nodes.map((node) =>
    node.kind === 'unary' || node.kind === 'binary' ? (ulp[node.op] ?? 0) : 0,
  )
  const total = errors.reduce((sum, error) => sum + error, 0)
  if (total === 0) return 0
  const [values] = evaluate([{ ...call, fn: exposed(call.fn, nodes.length) }], arithmetic)
  let largest = 0
  for (const column of Object.values(values!))
    for (const value of column) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value))
  return total * 2 ** (Math.floor(Math.log2(largest)) - 23)
}

function nodesOf(fn: LaneFn): readonly LaneNode[] {
  let nodes: readonly LaneNode[] = []
  trace(exposed(fn, 0, (found) => (nodes = found)))
  return nodes
}

/** The formula with every node's value as an output. */
function exposed(fn: LaneFn, count: number, seen?: (nodes: readonly LaneNode[]) => void): LaneFn {
  const body: LaneFn['body'] = (x) => {
    const lanes = Object.values(fn.body(x))
    const nodes = reachable(lanes.map((lane) => lane.node))
    seen?.(nodes)
    return Object.fromEntries(nodes.map((node, i) => [`node ${i}`, builderOf(lanes[0]!).of(node)]))
  }
  const outputs = Array.from({ length: count }, (_, i) => `node ${i}`)
  return defineLanes({ ...fn, outputs, body })
}
