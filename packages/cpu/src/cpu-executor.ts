// Executor on Float32Array: lane functions as emitted JavaScript, compiled once each.
// Comes in: lane calls. Goes out: arrays, equal to the f32 twin bit for bit. Source: docs/design/02-lanes.md.

import {
  emitJs,
  flatLayout,
  sizeOf,
  totalStages,
  trace,
  uniforms,
  type BlockLayout,
  type Executor,
  type JsProgram,
  type LaneCall,
  type LaneFn,
  type Tree,
} from '@lotion/core'

type Compiled = JsProgram & {
  readonly run: (arrays: readonly Float32Array[], scalars: readonly number[], outputs: readonly Float32Array[], layout: BlockLayout) => readonly number[]
}

/** A formula's stages: the totals it needs first, then its outputs. */
interface Plan {
  readonly stages: readonly Compiled[]
  readonly outputs: Compiled
}

/**
 * Make the CPU executor. Arrays are `Float32Array`, shared memory or not; outputs may overwrite inputs.
 * Needs `new Function`, which a content security policy may forbid.
 */
export function cpuExecutor(): Executor<Float32Array> {
  const plans = new WeakMap<LaneFn, Plan>()

  const planOf = (fn: LaneFn): Plan => {
    const known = plans.get(fn)
    if (known) return known
    const graph = trace(fn)
    const plan = { stages: totalStages(graph).map((totals) => compile(emitJs(graph, totals))), outputs: compile(emitJs(graph, 'outputs')) }
    plans.set(fn, plan)
    return plan
  }

  return Object.freeze({
    name: 'cpu',
    arithmetic: 'f32',
    lanes: (calls) => {
      const prepared = calls.map((call) => ({ call, plan: planOf(call.fn), layout: layoutFor(call) }))
      const totals = new Map<string, number>()
      const last = Math.max(0, ...prepared.map(({ plan }) => plan.stages.length))
      for (let stage = 0; stage < last; stage++) {
        const sums = new Map<string, number>()
        for (const { call, plan, layout } of prepared) {
          const program = plan.stages[stage]
          if (!program) continue
          const parts = execute(program, call, layout, totals, [])
          program.totals.forEach((name, i) => sums.set(name, (sums.get(name) ?? 0) + parts[i]!))
        }
        for (const [name, sum] of sums) totals.set(name, Math.fround(sum))
      }
      return prepared.map(({ call, plan, layout }) => {
        const outputs = outputArrays(call, plan.outputs, layout)
        execute(plan.outputs, call, layout, totals, Object.values(outputs))
        return outputs
      })
    },
    uniforms,
    zeros: (shape) => new Float32Array(sizeOf(shape)),
    upload: (data, shape) => {
      if (data.length !== sizeOf(shape)) {
        throw new RangeError(`data: expected ${sizeOf(shape)} values for shape [${shape.join(', ')}], found ${data.length}`)
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

function execute(
  program: Compiled,
  call: LaneCall<Float32Array>,
  layout: BlockLayout,
  totals: ReadonlyMap<string, number>,
  outputs: readonly Float32Array[],
): readonly number[] {
  const arrays = program.arrays.map((name) => arrayInput(call, name, layout))
  const scalars = program.scalars.map((name) => (name.startsWith('total:') ? totals.get(name.slice(6))! : scalarInput(call, name)))
  return program.run(arrays, scalars, outputs, layout)
}

function arrayInput(call: LaneCall<Float32Array>, name: string, layout: BlockLayout): Float32Array {
  const given = call.inputs[name]
  const expected = layout.outer * layout.length * layout.inner
  if (given === undefined) throw new TypeError(`${call.fn.name}: input '${name}' is missing`)
  if (typeof given === 'number') return new Float32Array(expected).fill(given)
  if (given.length !== expected) {
    throw new RangeError(`${call.fn.name}: input '${name}': expected ${expected} weights, found ${given.length}`)
  }
  return given
}

function scalarInput(call: LaneCall<Float32Array>, name: string): number {
  const given = call.inputs[name]
  if (given === undefined) throw new TypeError(`${call.fn.name}: scalar '${name}' is missing`)
  return typeof given === 'number' ? given : given[0]!
}

/** Without a layout, all weights of the first array are one block. */
function layoutFor(call: LaneCall<Float32Array>): BlockLayout {
  if (call.layout) return call.layout
  const array = call.fn.inputs.map((name) => call.inputs[name]).find((given) => given !== undefined && typeof given !== 'number')
  return flatLayout(array?.length ?? 1)
}

function outputArrays(call: LaneCall<Float32Array>, program: Compiled, layout: BlockLayout): Tree<Float32Array> {
  const graph = trace(call.fn)
  const weights = layout.outer * layout.length * layout.inner
  return Object.fromEntries(
    program.outputs.map((name) => {
      const rate = graph.outputs[name]!.rate
      const length = rate === 'element' ? weights : rate === 'block' ? layout.blocks : 1
      const into = call.into?.[name]
      if (into && into.length !== length) {
        throw new RangeError(`${call.fn.name}: output '${name}': expected an array of ${length}, found ${into.length}`)
      }
      return [name, into ?? new Float32Array(length)]
    }),
  )
}
