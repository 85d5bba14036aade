// Kernels that finish sums in double precision from the parts of `emitPartialSums`. Comes in: nothing.
// Goes out: sources.
// Source: docs/design/08-gpu.md; the order of sums is `sumInOrder` of @lotion/core.

import { WGSL_PRELUDE } from './natives.js'

/** What a kernel hands out: a double in three parts, or the value rounded to f32. */
export type SumResult = 'parts' | 'single'

const result = (kind: SumResult): string =>
  kind === 'parts' ? 'return [sumPart(0), sumPart(1), sumPart(2)]' : 'return sumRounded(s)'

const at = (array: string, index: string): string =>
  [0, 1, 2].map((part) => `${array}[(${index}) * 3 + ${part}]`).join(', ')

const kernel = (names: string, body: readonly string[], kind: SumResult): string =>
  [`function (${names}) {`, WGSL_PRELUDE, 'let s = sumClear(unbits(0))', ...body, result(kind), '}'].join(
    '\n',
  )

/** Sum each block's chunks in order; `parts` partial sums a block, four a chunk. */
export const chunkSums = (kind: SumResult): string =>
  kernel(
    'a0, parts',
    [
      'for (let k = 0; k < parts; k++) {',
      // Every fourth round adds a chunk: gpu.js counts loops by one.
      `if ((k & 3) === 0) { s = sumChunk(${[0, 1, 2, 3].map((lane) => at('a0', `this.thread.x * parts + k + ${lane}`)).join(', ')}) }`,
      '}',
    ],
    kind,
  )

/** Sum doubles in order. */
export const orderedSum = (kind: SumResult): string =>
  kernel('a0, count', ['for (let k = 0; k < count; k++) {', `s = sumDouble(${at('a0', 'k')})`, '}'], kind)

/** Add two doubles. */
export const pairSum = (kind: SumResult): string =>
  kernel('a0, a1', [`s = sumDouble(${at('a0', '0')})`, `s = sumDouble(${at('a1', '0')})`], kind)
