// The laws of executors are checked: for each a plugin that must fail it; and `verify` itself.
import { defineLanes, mapTree, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int4 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { expect, it } from 'vitest'
import { brokenLaws, eachLawIsBroken, failures, type Wrong } from '../test/broken-laws.js'
import { verify, type Plugins } from './verify.js'

const cpu = cpuExecutor()
const double = defineLanes({
  name: 'double',
  inputs: ['x'],
  outputs: ['y'],
  body: ({ x }) => ({ y: x.mul(1 + 2 ** -20) }),
})
const nudged = (x: Float32Array): Float32Array => cpu.lanes([{ fn: double, inputs: { x } }])[0]!['y']!
/** Run a call's formula, and nudge what it gives. */
const off = (when: (name: string) => boolean): Plugins['executor'] => ({
  ...cpu,
  lanes: (calls) =>
    cpu
      .lanes(calls as Calls)
      .map((out, i) =>
        when(calls[i]!.fn.name)
          ? Object.fromEntries(Object.entries(out).map(([name, array]) => [name, nudged(array)]))
          : out,
      ),
})

type Calls = Parameters<typeof cpu.lanes>[0]

const withoutInto = (calls: Calls) =>
  cpu.lanes(calls.map(({ fn, inputs, layout }) => ({ fn, inputs, ...(layout ? { layout } : {}) })))

/** An executor that runs a call once for each output, so that the second reads what the first wrote. */
const outputByOutput: Plugins['executor'] = {
  ...cpu,
  lanes: (calls) => {
    const made = withoutInto(calls as Calls)
    const names = new Set((calls as Calls).flatMap(({ into }) => Object.keys(into ?? {})))
    const written = [...names].map((name) =>
      cpu.lanes(
        (calls as Calls).map((call) => ({
          ...call,
          ...(call.into ? { into: { [name]: call.into[name]! } } : {}),
        })),
      ),
    )
    return made.map((outputs, i) =>
      mapTree(outputs, (array, name) => written[[...names].indexOf(name)]?.[i]![name] ?? array),
    )
  },
}

/** An executor whose outputs go with the inputs that are freed. */
function sharing(): Plugins['executor'] {
  let made: readonly Tree<Float32Array>[] = []
  return {
    ...cpu,
    lanes: (calls) => (made = cpu.lanes(calls as Calls)),
    free: () => made.flatMap(Object.values).forEach((array) => array.fill(7)),
  }
}

const executors: Wrong<'executor'> = {
  'upload and read': {
    ...cpu,
    read: (x) => cpu.read(x as Float32Array).then((array) => array.map((value) => value + 1)),
  },
  uniforms: { ...cpu, uniforms: (key, length) => cpu.uniforms({ ...key, seed: key.seed + 1 }, length) },
  formulas: off((name) => name === 'sqrt'),
  blocks: off((name) => name === 'nested reductions'),
  totals: {
    ...cpu,
    lanes: (calls) => (calls as Calls).map((call) => cpu.lanes([call])[0]!),
  },
  into: {
    ...cpu,
    lanes: (calls) => withoutInto(calls as Calls),
  },
  free: sharing(),
}

eachLawIsBroken('executor', executors)

it('outputs that are written one after the other, each over an input of the next, are found', async () => {
  expect(await brokenLaws('executor', outputByOutput)).toEqual(['into'])
})

it.each<[string, (calls: Calls) => boolean]>([
  ['a call of one parameter', ({ length }) => length === 1],
  ['a formula without a total', (calls) => calls.every(({ fn }) => fn.name !== 'a step in place')],
  ['an output that is left out', (calls) => calls.some(({ into }) => into && !('clipped' in into))],
])('an executor that ignores `into` for %s is found', async (_, ignores) => {
  const lanes = (calls: Calls) => (ignores(calls) ? withoutInto(calls) : cpu.lanes(calls))
  expect(await brokenLaws('executor', { ...cpu, lanes: (calls) => lanes(calls as Calls) })).toEqual(['into'])
})

it('reports an error of the plugin as a failure, and refuses an unknown kind', async () => {
  const broken = {
    ...randomizedRounding,
    variance: () => {
      throw new Error('not written yet')
    },
  }
  expect(await failures('noise', broken)).toEqual(['an error: not written yet'])
  await expect(verify('grid' as never, int4 as never)).rejects.toThrow('kind: expected one of format, noise,')
})
