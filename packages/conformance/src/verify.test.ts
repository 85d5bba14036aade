// The laws of Fishers, transformations and executors are checked: for each a plugin that must fail it; and `verify` itself.
import { defineLanes, type FisherEstimator, type Transformation, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { empirical } from '@lotion/fisher'
import { int4 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { adamw, sgd } from '@lotion/optim'
import { expect, it } from 'vitest'
import { brokenLaws, eachLawIsBroken, failures, type Wrong } from '../test/broken-laws.js'
import { verify, type Plugins } from './verify.js'

/** A Fisher that keeps what it has seen nowhere. */
const forgetfulFisher: FisherEstimator = { ...empirical(), observe: () => ({}) }

const fishers: Wrong<'fisher'> = {
  'declared slots': {
    ...empirical(),
    slots: [],
    observe: () => ({ stray: undefined as never }),
    diagonal: ({ gradient }) => gradient!.mul(gradient!),
  },
  finite: { ...empirical(), diagonal: ({ squares }) => squares!.div(squares!) },
  'not negative': { ...empirical(), diagonal: ({ squares }) => squares!.sub(1) },
  units: { ...empirical(), diagonal: ({ squares }) => squares!.sqrt() },
}

/** Momentum that is never written back. */
const forgetful: Transformation = {
  ...sgd({ learningRate: 1 }),
  slots: ['velocity'],
  update: ({ update, velocity }) => ({ update: update!.add(velocity!.mul(0.9)) }),
}

let memory = 0
const transformations: Wrong<'transformation'> = {
  'declared slots': {
    ...sgd({ learningRate: 1 }),
    update: ({ update }) => ({ update: update!, velocity: update! }),
  },
  finite: { ...sgd({ learningRate: 1 }), update: ({ update }) => ({ update: update!.div(update!.abs()) }) },
  'same formula': {
    ...sgd({ learningRate: 1 }),
    update: ({ update }) => ({ update: update!.mul((memory += 1)) }),
  },
  'what is left of it': { ...sgd({ learningRate: 1 }), resolve: () => adamw({ learningRate: 1 }) },
}

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
      .lanes(calls as Parameters<typeof cpu.lanes>[0])
      .map((out, i) =>
        when(calls[i]!.fn.name)
          ? Object.fromEntries(Object.entries(out).map(([name, array]) => [name, nudged(array)]))
          : out,
      ),
})

/** An executor whose outputs go with the inputs that are freed. */
function sharing(): Plugins['executor'] {
  let made: readonly Tree<Float32Array>[] = []
  return {
    ...cpu,
    lanes: (calls) => (made = cpu.lanes(calls as Parameters<typeof cpu.lanes>[0])),
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
    lanes: (calls) => (calls as Parameters<typeof cpu.lanes>[0]).map((call) => cpu.lanes([call])[0]!),
  },
  free: sharing(),
}

eachLawIsBroken('fisher', fishers)
eachLawIsBroken('transformation', transformations)
eachLawIsBroken('executor', executors)

it('a declared slot that no step writes fails', async () => {
  // Every law runs the formula, and so meets the error.
  expect(await brokenLaws('transformation', forgetful)).toContain('declared slots')
  expect(await brokenLaws('fisher', forgetfulFisher)).toContain('declared slots')
})

it('reports an error of the plugin as a failure, and refuses an unknown kind', async () => {
  const broken = {
    ...randomizedRounding,
    variance: () => {
      throw new Error('not written yet')
    },
  }
  expect((await failures('noise', broken))[0]).toMatch(/Broken at any input: an error: not written yet/)
  await expect(verify('grid' as never, int4 as never)).rejects.toThrow('kind: expected one of format, noise,')
})
