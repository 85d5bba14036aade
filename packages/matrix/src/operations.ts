// Each operation of the lane language as a formula of its own. Comes in: nothing. Goes out: lane functions.
// Source: docs/design/02-lanes.md, table of nodes.

import { defineLanes, type Lane, type LaneFn } from '@lotion/core'

type Formula = (x: Readonly<Record<'a' | 'b' | 's', Lane>>) => Lane

const operationFormulas: Readonly<Record<string, Formula>> = {
  add: ({ a, b }) => a.add(b),
  sub: ({ a, b }) => a.sub(b),
  mul: ({ a, b }) => a.mul(b),
  div: ({ a, b }) => a.div(b),
  min: ({ a, b }) => a.min(b),
  max: ({ a, b }) => a.max(b),
  abs: ({ a }) => a.abs(),
  sqrt: ({ a }) => a.sqrt(),
  floor: ({ a }) => a.floor(),
  binade: ({ a }) => a.binade(),
  less: ({ a, b }) => a.less(b, a, b.mul(2)),
  scalar: ({ a, s }) => a.mul(s.div(3)),
  literals: ({ a }) => a.mul(0.1).add(1e-8).div(3).sub(1),
  blockMax: ({ a }) => a.abs().blockMax(),
  blockSum: ({ a }) => a.blockSum(),
  'blockMax, spread': ({ a, b }) => b.div(a.abs().blockMax()),
  'blockSum, spread': ({ a, b }) => b.sub(a.blockSum()),
  'nested reductions': ({ a }) => a.div(a.abs().blockMax()).mul(a).blockSum().add(a),
  tensorMax: ({ a }) => a.abs().tensorMax(),
  tensorSum: ({ a }) => a.tensorSum(),
  'tensor in blocks': ({ a, b }) => b.div(a.abs().blockMax().div(a.abs().tensorMax())),
  total: ({ a }) => a.total('total'),
  'total, spread': ({ a, b }) => b.div(a.mul(a).total('squares').sqrt()),
  'total of totals': ({ a }) => a.sub(a.total('sum')).abs().total('distance'),
}

/** One formula an operation; what it does not read of a, b and s it is given for nothing. */
export const operations: readonly LaneFn[] = Object.entries(operationFormulas).map(([name, formula]) =>
  defineLanes({
    name,
    inputs: ['a', 'b'],
    scalars: ['s'],
    outputs: ['y'],
    body: (x) => ({ y: formula(x) }),
  }),
)
