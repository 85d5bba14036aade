// A law of executors: what `into` gives is written, as every step of training asks. Comes in: an executor.
// Goes out: a counterexample.
// Source: the contract `LaneCall` of @lotion/core; docs/design/01-architecture.md (in place by permission).

import { blockOf, defineLanes, layoutOf, mapTree, normals, type Tree } from '@lotion/core'
import { expectations } from './executor-bounds.js'
import type { AnyExecutor } from './executor-laws.js'
import type { Counterexample, Law } from './law.js'

/**
 * A step as training takes it: a norm over all calls, a maximum over blocks, and outputs in the arrays of
 * inputs, each of which reads what the other replaces. `clipped` goes to an array that is no input.
 */
const stepInPlace = defineLanes({
  name: 'a step in place',
  inputs: ['w', 'm', 'g'],
  scalars: ['rate'],
  outputs: ['w', 'm', 'clipped'],
  body: ({ w, m, g, rate }) => {
    const moment = m
      .mul(0.75)
      .add(g.div(g.mul(g).total('norm').sqrt()))
      .add(w.mul(0.125))
    const unit = w.abs().blockMax()
    return { w: w.sub(m.mul(rate).mul(unit)), m: moment, clipped: w.min(unit.mul(0.5)) }
  },
})

/** A step without a total: executors may take other ways for it. `clipped` is not asked for. */
const plainStep = defineLanes({
  name: 'a step by blocks',
  inputs: ['w', 'm', 'g'],
  scalars: ['rate'],
  outputs: ['w', 'm', 'clipped'],
  body: ({ w, m, g, rate }) => ({
    w: w.sub(m.mul(rate).mul(w.abs().blockMax())),
    m: m.mul(0.75).add(g).add(w.mul(0.125)),
    clipped: w.min(0.5),
  }),
})

/** Both steps, each as one call of all parameters and as a call of every parameter. */
const ways = [
  { fn: stepInPlace, kept: ['w', 'm', 'clipped'] },
  { fn: plainStep, kept: ['w', 'm'] },
].flatMap((way) => [true, false].map((together) => ({ ...way, together })))

const layouts = [layoutOf([4, 37], blockOf(8)), layoutOf([50, 9], blockOf(16), 0)] as const

/** Steps of training: what was written by one is read by the next. */
const STEPS = 3

/** Outputs of `into` are found in the arrays that it names, under all that reads these arrays later. */
export const inPlace: Law<AnyExecutor> = {
  name: 'into',
  sentence:
    'Outputs are written to the arrays that `into` names, those of inputs among them, step after step, in calls of one parameter as in calls of several; inputs that it does not name stay as they are.',
  refute: async (executor) => {
    for (const way of ways) {
      const found = await refuteWay(executor, way)
      if (found)
        return {
          ...found,
          input: `${found.input}, ${way.fn.name}, ${way.together ? 'one call of all' : 'each alone'}`,
        }
    }
    return undefined
  },
}

async function refuteWay(
  executor: AnyExecutor,
  { fn, kept: names, together }: (typeof ways)[number],
): Promise<Counterexample | undefined> {
  const drawn = (stream: string, size: number): Float32Array => normals({ seed: 5, stream }, size)
  const sizes = layouts.map(({ outer, length, inner }) => outer * length * inner)
  const gradients = sizes.map((size, i) => drawn(`g ${i}`, size))
  const kept = sizes.map((size, i) =>
    mapTree(Object.fromEntries(names.map((name) => [name, name])), (name) =>
      name === 'w' ? executor.upload(drawn(`w ${i}`, size), [size]) : executor.zeros([size]),
    ),
  )
  const given = gradients.map((g) => executor.upload(g, [g.length]))
  const inCalls = <C, R>(calls: readonly C[], run: (calls: readonly C[]) => readonly R[]): readonly R[] =>
    together ? run(calls) : calls.flatMap((call) => run([call]))
  for (let step = 0; step < STEPS; step++) {
    const rate = 2 ** -step
    const before = await Promise.all(kept.map((arrays) => readAll(executor, arrays)))
    const expected = inCalls(
      layouts.map((layout, i) => {
        const { w, m } = before[i]!
        return { fn, inputs: { w: w!, m: m!, g: gradients[i]!, rate }, layout }
      }),
      (calls) => expectations(calls, executor),
    )
    const returned = inCalls(
      layouts.map((layout, i) => {
        const { w, m } = kept[i]!
        return { fn, inputs: { w, m, g: given[i], rate }, layout, into: kept[i]! }
      }),
      (calls) => executor.lanes(calls),
    )
    for (const [i, targets] of kept.entries()) {
      for (const [where, arrays] of [
        ['the array given for', targets],
        ['what is returned as', returned[i]!],
      ] as const) {
        for (const [name, found] of Object.entries(await readAll(executor, arrays))) {
          const wanted = expected[i]![name]!
          const k = found.findIndex((value, j) => !wanted.allows(value, j))
          if (k >= 0 || found.length !== sizes[i])
            return {
              input: `step ${step} of parameter ${i}, ${where} '${name}', weight ${k}`,
              found: `${found[k]}, the evaluation gives ${wanted.values[k]}`,
            }
        }
      }
      const raw = await executor.read(given[i])
      const k = gradients[i]!.findIndex((value, j) => !Object.is(value, raw[j]))
      if (k >= 0)
        return {
          input: `step ${step} of parameter ${i}, the input 'g' that \`into\` does not name, weight ${k}`,
          found: `${raw[k]}, before the step ${gradients[i]![k]}`,
        }
    }
  }
  return undefined
}

/** Copies of arrays: a host executor may hand out the arrays themselves. */
async function readAll(executor: AnyExecutor, arrays: Tree<unknown>): Promise<Tree<Float32Array>> {
  const read = await Promise.all(
    Object.entries(arrays).map(async ([name, array]) => [name, await executor.read(array)] as const),
  )
  return mapTree(Object.fromEntries(read), (array) => array.slice())
}
