// Executor on Float32Array: lane functions as emitted JavaScript, compiled once each.
// Comes in: lane calls. Goes out: arrays, equal to the f32 twin bit for bit. Source: docs/design/02-lanes.md.

import {
  emitJs,
  flatLayout,
  sizeOf,
  totalStages,
  totalsOf,
  trace,
  uniforms,
  type BlockLayout,
  type Executor,
  type JsProgram,
  type LaneCall,
  type LaneFn,
  type LaneGraph,
  type Tree,
} from '@lotion/core'

type Compiled = JsProgram & {
  readonly run: (
    arrays: readonly Float32Array[],
    scalars: readonly number[],
    outputs: readonly Float32Array[],
    layout: BlockLayout,
  ) => readonly number[]
}

/** A formula's programs: one for the outputs, and one for each set of totals it was ever asked for. */
interface Plan {
  readonly graph: LaneGraph
  readonly outputs: Compiled
  readonly totals: Map<string, Compiled>
}

/** A call whose arguments have been checked: nothing can fail once weights are being written. */
interface Prepared {
  readonly plan: Plan
  readonly layout: BlockLayout
  readonly arrays: ReadonlyMap<string, Float32Array>
  readonly scalars: ReadonlyMap<string, number>
  readonly outputs: Tree<Float32Array>
}

/**
 * Make the CPU executor. Arrays are `Float32Array`, shared memory or not; outputs may overwrite inputs.
 * All arguments of all calls are checked before the first output is written.
 * Needs `new Function`, which a content security policy may forbid.
 */
export function cpuExecutor(): Executor<Float32Array> {
  const plans = new WeakMap<LaneFn, Plan>()

  const planOf = (fn: LaneFn): Plan => {
    const known = plans.get(fn)
    if (known) return known
    const graph = trace(fn)
    const plan = { graph, outputs: compile(emitJs(graph, 'outputs')), totals: new Map<string, Compiled>() }
    plans.set(fn, plan)
    return plan
  }

  return Object.freeze({
    name: 'cpu',
    arithmetic: 'f32',
    lanes: (calls) => {
      const prepared = calls.map((call) => prepare(call, planOf(call.fn)))
      const totals = new Map<string, number>()
      for (const stage of totalStages(prepared.map(({ plan }) => plan.graph))) {
        const sums = new Map<string, number>()
        for (const call of prepared) {
          const program = totalsProgram(call.plan, stage)
          if (!program) continue
          const parts = execute(program, call, totals, [])
          program.totals.forEach((name, i) => sums.set(name, (sums.get(name) ?? 0) + parts[i]!))
        }
        for (const [name, sum] of sums) totals.set(name, Math.fround(sum))
      }
      return prepared.map((call) => {
        execute(call.plan.outputs, call, totals, Object.values(call.outputs))
        return call.outputs
      })
    },
    uniforms,
    zeros: (shape) => new Float32Array(sizeOf(shape)),
    upload: (data, shape) => {
      if (data.length !== sizeOf(shape)) {
        throw new RangeError(
          `data: expected ${sizeOf(shape)} values for shape [${shape.join(', ')}], found ${data.length}`,
        )
      }
      return data.slice()
    },
    read: (x) => Promise.resolve(x.slice()),
  } satisfies Executor<Float32Array>)
}

function compile(program: JsProgram): Compiled {
  const run = new Function('arrays', 'scalars', 'outputs', 'layout', program.source) as Compiled['run']
  return { ...program, run }
}

/** The pass that sums those of a stage's totals to which the formula contributes. */
function totalsProgram(plan: Plan, stage: readonly string[]): Compiled | undefined {
  const nodes = totalsOf(plan.graph).filter(({ name }) => stage.includes(name))
  if (nodes.length === 0) return undefined
  const key = nodes.map(({ id }) => id).join()
  const program = plan.totals.get(key) ?? compile(emitJs(plan.graph, nodes))
  plan.totals.set(key, program)
  return program
}

function execute(
  program: Compiled,
  { arrays, scalars, layout }: Prepared,
  totals: ReadonlyMap<string, number>,
  outputs: readonly Float32Array[],
): readonly number[] {
  return program.run(
    program.arrays.map((name) => arrays.get(name)!),
    program.scalars.map((name) =>
      name.startsWith('total:') ? totals.get(name.slice(6))! : scalars.get(name)!,
    ),
    outputs,
    layout,
  )
}

function prepare(call: LaneCall<Float32Array>, plan: Plan): Prepared {
  const layout = layoutFor(call)
  const weights = layout.outer * layout.length * layout.inner
  const arrays = new Map<string, Float32Array>()
  const scalars = new Map<string, number>()
  for (const node of plan.graph.nodes) {
    if (node.kind !== 'input') continue
    if (node.rate === 'element') arrays.set(node.name, arrayInput(call, node.name, weights))
    else scalars.set(node.name, scalarInput(call, node.name))
  }
  return { plan, layout, arrays, scalars, outputs: outputArrays(call, plan.graph, layout) }
}

function arrayInput({ fn, inputs }: LaneCall<Float32Array>, name: string, expected: number): Float32Array {
  const given = inputs[name]
  if (given === undefined) throw new TypeError(`${fn.name}: input '${name}' is missing`)
  if (typeof given === 'number') return new Float32Array(expected).fill(given)
  if (given.length !== expected) {
    throw new RangeError(`${fn.name}: input '${name}': expected ${expected} weights, found ${given.length}`)
  }
  return given
}

function scalarInput({ fn, inputs }: LaneCall<Float32Array>, name: string): number {
  const given = inputs[name]
  if (given === undefined) throw new TypeError(`${fn.name}: scalar '${name}' is missing`)
  if (typeof given === 'number') return given
  if (given.length !== 1)
    throw new RangeError(`${fn.name}: scalar '${name}': expected a single value, found ${given.length}`)
  return given[0]!
}

/** Without a layout, all weights of the first array are one block. */
function layoutFor(call: LaneCall<Float32Array>): BlockLayout {
  if (call.layout) return call.layout
  const array = call.fn.inputs
    .map((name) => call.inputs[name])
    .find((given) => given !== undefined && typeof given !== 'number')
  return flatLayout(array?.length ?? 1)
}

function outputArrays(
  { fn, into = {} }: LaneCall<Float32Array>,
  graph: LaneGraph,
  layout: BlockLayout,
): Tree<Float32Array> {
  const unknown = Object.keys(into).find((name) => !fn.outputs.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(`${fn.name}: into: '${unknown}' is not an output; outputs: ${fn.outputs.join(', ')}`)
  }
  return Object.fromEntries(
    Object.entries(graph.outputs).map(([name, { rate }]) => {
      const length =
        rate === 'element'
          ? layout.outer * layout.length * layout.inner
          : rate === 'block'
            ? layout.blocks
            : 1
      const given = into[name]
      if (given && given.length !== length) {
        throw new RangeError(
          `${fn.name}: output '${name}': expected an array of ${length} (one value a ${UNIT[rate]}), found ${given.length}`,
        )
      }
      return [name, given ?? new Float32Array(length)]
    }),
  )
}

const UNIT = { element: 'weight', block: 'block', call: 'call', literal: 'call' } as const
