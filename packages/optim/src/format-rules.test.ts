import {
  castNearest,
  castSample,
  mapTree,
  normals,
  type Executor,
  type GradientResult,
  type Tree,
} from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { fp4, int4, q4_0, q8_0 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { bitsOf, format } from '../test/bowl.js'
import { adamw } from './adamw.js'
import { cage } from './cage.js'
import { castTree } from './cast-tree.js'
import { fit, type ResumePoint, type StepEvent } from './fit.js'
import { formatRules } from './format-rules.js'
import { lotion } from './lotion.js'
import { defineMethod, withMethod, type Method } from './method.js'
import { ptq } from './ptq.js'
import { qat } from './qat.js'
import { everything, quantizedAxes } from './quantize-rule.js'
import { rat } from './rat.js'
import { createUpdater } from './updater.js'

type Arrays = Float32Array
const executor: Executor<Arrays> = cpuExecutor()
const shapes = { 'embed.weight': [3, 40], 'mlp.up.weight': [4, 33], 'mlp.bias': [6], 'head.weight': [2, 9] }
const make = (seed: number): Tree<Arrays> =>
  mapTree(shapes, (shape, name) =>
    normals(
      { seed, stream: name },
      shape.reduce((a, b) => a * b, 1),
    ),
  )
const rule = formatRules([
  ['embed', q8_0],
  ['mlp.*', q4_0],
])
const quiet = { onWarning: () => {} }
const methods: readonly ((own: typeof q8_0) => Method)[] = [
  (own) => ptq({ format: own }),
  (own) => qat({ format: own }),
  (own) => rat({ format: own }),
  (own) => lotion({ format: own, ...quiet }),
  (own) => cage({ format: own, silence: 0 }),
]

describe('formatRules', () => {
  it('gives the first format that matches, leaves vectors, and asks the rule below for all others', () => {
    expect(rule({ name: 'embed.weight', shape: [3, 40] })).toEqual({ axis: -1, format: q8_0 })
    expect(rule({ name: 'mlp.up.weight', shape: [4, 33] })).toEqual({ axis: -1, format: q4_0 })
    expect(rule({ name: 'mlp/kernel', shape: [4, 33] })).toEqual({ axis: 0, format: q4_0 })
    expect(rule({ name: 'mlp.bias', shape: [6] })).toBeNull()
    expect(rule({ name: 'head.weight', shape: [2, 9] })).toBeNull()
    expect(rule({ name: 'q.weight', shape: [2, 9] })).toEqual({ axis: -1 })
    const all = formatRules(
      [
        [/up/, null],
        ['mlp', fp4],
      ],
      everything,
    )
    expect(all({ name: 'mlp.bias', shape: [6] })).toEqual({ axis: -1, format: fp4 })
    expect(all({ name: 'mlp.up.weight', shape: [4, 33] })).toBeNull()
  })

  it('refuses patterns without use by name where all parameters are known, and what is no format', () => {
    const asked =
      (...rules: Parameters<typeof formatRules>[0]) =>
      () =>
        quantizedAxes(formatRules(rules), shapes)
    expect(asked(['embed', q8_0], ['attention', q4_0])).toThrow(
      "formatRules: 'attention' matches no parameter of two axes and more that an earlier pattern leaves; there are: embed.weight, mlp.up.weight, mlp.bias, head.weight",
    )
    expect(asked([/mlp/, q8_0], ['mlp.up', q4_0])).toThrow("formatRules: 'mlp.up' matches no parameter")
    expect(asked(['bias', q8_0])).toThrow("formatRules: 'bias' matches no parameter")
    expect(() => formatRules([['embed', 'q8_0' as never]])).toThrow(
      "formatRules: 'embed': expected a number format, found the text 'q8_0'; give the record: formatByName('q8_0')",
    )
    expect(() => quantizedAxes(() => ({ axis: -1, format: 8 as never }), shapes)).toThrow(
      "quantize: 'embed.weight': format: expected a number format, found 8",
    )
  })

  it.each(methods)('trains each parameter as a method of its own format does: $name %#', (methodOf) => {
    const step = (method: Method, quantize = rule) => {
      const transformation = withMethod(method, adamw({ learningRate: 0.01 }), quantize)
      const updater = createUpdater({ transformation, shapes, executor })
      const params = make(1)
      const state = updater.init(params)
      const points: Tree<Arrays>[] = []
      for (let at = 0; at < 3; at++) {
        points.push(mapTree(updater.point?.at(params, { seed: 5, step: at }) ?? params, (w) => w.slice()))
        const result: GradientResult<Arrays> = { loss: 1, terms: 8, gradients: make(2 + at) }
        updater.step(params, state, result, { step: at, steps: 3, atPoint: true })
      }
      return { params, state, points, updater }
    }
    const mixed = step(methodOf(int4))
    expect(mapTree(mixed.updater.quantized, (how) => how?.format.name)).toEqual({
      'embed.weight': 'q8_0',
      'mlp.up.weight': 'q4_0',
      'mlp.bias': undefined,
      'head.weight': undefined,
    })
    for (const [name, own] of [
      ['embed.weight', q8_0],
      ['mlp.up.weight', q4_0],
    ] as const) {
      const alone = step(
        methodOf(own),
        formatRules([[name, own]], () => null),
      )
      expect(bitsOf(mixed.params[name]!)).toEqual(bitsOf(alone.params[name]!))
      expect(mapTree(mixed.state[name]!, bitsOf)).toEqual(mapTree(alone.state[name]!, bitsOf))
      expect(mixed.points.map((point) => bitsOf(point[name]!))).toEqual(
        alone.points.map((point) => bitsOf(point[name]!)),
      )
    }
  })

  it('casts each with its own, and refuses a cast that is made for one format', () => {
    const params = make(1)
    const axes = quantizedAxes(rule, shapes)
    expect(axes.formats).toEqual(
      new Map([
        ['embed.weight', q8_0],
        ['mlp.up.weight', q4_0],
      ]),
    )
    const tree = { executor, format: int4, params, shapes, axes, seed: 3 }
    const alone = (name: string, own: typeof q8_0, cast = castNearest(own)) =>
      castTree({ ...tree, format: own, cast, axes: new Map([[name, -1]]) })[name]!
    const cast = castTree({ ...tree, cast: castNearest })
    expect(bitsOf(cast['embed.weight']!)).toEqual(bitsOf(alone('embed.weight', q8_0)))
    expect(bitsOf(cast['mlp.up.weight']!)).toEqual(bitsOf(alone('mlp.up.weight', q4_0)))
    expect(cast['head.weight']).toBe(params['head.weight'])
    const drawn = castTree({ ...tree, cast: (own) => castSample(own, randomizedRounding) })
    expect(bitsOf(drawn['embed.weight']!)).toEqual(
      bitsOf(
        castTree({
          ...tree,
          format: q8_0,
          cast: castSample(q8_0, randomizedRounding),
          axes: new Map([['embed.weight', -1]]),
        })['embed.weight']!,
      ),
    )
    expect(() => castTree({ ...tree, cast: castNearest(int4) })).toThrow(
      "cast: 'embed.weight': expected a cast to its own format, q8_0, found one to int4; give a function of the format, such as castNearest",
    )
    // Each is held to the reach of its own format: 65504 · 7 for q4_0.
    params['mlp.up.weight']![5] = 1e6
    expect(() => castTree({ ...tree, cast: castNearest })).toThrow(
      "'mlp.up.weight': expected weights of at most",
    )
  })

  it('refuses a method that knows one format only', () => {
    const single = defineMethod({ name: 'single', format: int4, point: castNearest(int4) })
    const transformation = (own: typeof int4) =>
      withMethod(single, adamw({ learningRate: 1 }), () => ({ axis: -1, format: own }))
    expect(() => createUpdater({ transformation: transformation(q8_0), shapes, executor })).toThrow(
      "quantize: expected int4, the format of 'single', found q8_0; give the method a function `for`",
    )
    expect(() => createUpdater({ transformation: transformation(int4), shapes, executor })).not.toThrow()
  })

  it('continues to the same bits from every step', async () => {
    const run = async (
      params: Tree<Arrays>,
      from: ResumePoint<Arrays> | undefined,
      onStep: (event: StepEvent<Arrays>) => void,
    ): Promise<Tree<readonly number[]>> => {
      await fit({
        params,
        shapes,
        gradientStep: {
          name: 'bowl',
          run: (weights, batch) => {
            const gradients = mapTree(weights, (w, name) => w.map((x, i) => x - batch[name]!.data[i]!))
            return Promise.resolve({ loss: 1, terms: 8, gradients })
          },
          close: () => Promise.resolve(),
        },
        batches: (step) =>
          mapTree(make(10 + step), (data, name) => ({ data, shape: shapes[name as 'mlp.bias'] })),
        method: lotion({ format, ...quiet }),
        quantize: rule,
        optimizer: adamw({ learningRate: 0.01 }),
        steps: 4,
        seed: 1,
        executor,
        from,
        onStep,
      })
      return mapTree(params, bitsOf)
    }
    const stored: { readonly params: Tree<Arrays>; readonly from: ResumePoint<Arrays> }[] = []
    const whole = await run(make(1), undefined, ({ params, state, step, skipped }) => {
      const copied = mapTree(state, (slots) => mapTree(slots, (slot) => slot.slice()))
      stored.push({ params: mapTree(params, (w) => w.slice()), from: { step, skipped, state: copied } })
    })
    for (const { params, from } of stored) expect(await run(params, from, () => {})).toEqual(whole)
  })
})
