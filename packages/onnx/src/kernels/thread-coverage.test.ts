// Every operator that the rules emit was asked whether its result could depend on threads: the page on it
// names the operator, and the thread tests run it, so that a new one is asked too.

import { readFileSync } from 'node:fs'
import {
  indexedCases,
  kernelCases,
  sharedCases,
  summedCases,
  type KernelCase,
} from '@lotion/test-kit/kernel-cases'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { traceForward, traceGradients, type TracedFunction } from '../trace/trace-program.js'

const options = {}

/** Trace a case, and its gradients where it has them. */
function traced({ name, inputs, fn, differentiate = [] }: KernelCase): readonly TracedFunction[] {
  const ports = Object.fromEntries(
    Object.entries(inputs).map(([key, { data, shape }]) => [
      key,
      { shape, dtype: data instanceof Float32Array ? ('float32' as const) : ('int32' as const) },
    ]),
  )
  const value = traceForward(name, (_, batch) => ({ y: fn(batch) }), {}, ports, options)
  if (differentiate.length === 0) return [value]
  const split = (chosen: boolean) =>
    Object.fromEntries(Object.entries(ports).filter(([key]) => differentiate.includes(key) === chosen))
  const program = {
    name,
    shapes: Object.fromEntries(Object.entries(split(true)).map(([key, { shape }]) => [key, shape])),
    loss: (params: Record<string, tf.Tensor>, batch: Record<string, tf.Tensor>) =>
      tf.sum(tf.square(fn({ ...params, ...batch }))),
    terms: () => 1,
  }
  return [value, traceGradients(program, split(false), options)]
}

const operatorsOf = (cases: readonly KernelCase[]): ReadonlySet<string> =>
  new Set(cases.flatMap(traced).flatMap(({ graph }) => graph.nodes.map(({ op }) => op)))

const emitted = operatorsOf(Object.values(kernelCases).flat())
const page = readFileSync(new URL('../../../../docs/design/06-traced-engine.md', import.meta.url), 'utf8')

it('runs every operator in the thread tests', () => {
  const run = operatorsOf([...indexedCases(64), ...summedCases, ...sharedCases])
  expect([...emitted].filter((op) => !run.has(op))).toEqual([])
})

it('is told of every operator on the page', () => {
  const rows = page.split('\n').filter((line) => /^\| [A-Z]/.test(line))
  const named = new Set(rows.flatMap((line) => line.split('|')[1]!.match(/[A-Z]\w+/g) ?? []))
  expect([...emitted].filter((op) => !named.has(op)).toSorted()).toEqual([])
  // Those that are named as refused.
  const never = ['Elu', 'Log', 'ScatterElements', 'Selu']
  expect([...named].filter((op) => !emitted.has(op)).toSorted()).toEqual(never)
})
