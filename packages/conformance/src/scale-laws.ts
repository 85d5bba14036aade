// Laws of what a scale rule says of itself: what it knows of the weights, and how many bits store it. Comes
// in: a format. Goes out: counterexamples. Source: the contracts `Scaled` and `ScaleRule`;
// docs/design/03-formats-and-methods.md (slope through the scale).

import { defineLanes, gradient, trace, type Lane, type LaneNode, type NumberFormat } from '@lotion/core'
import { eachBlock, isHigher, reachable } from '@lotion/core/internal'
import { evaluated, onBlocks } from './block-values.js'
import { shown, type Counterexample, type Law } from './law.js'
import { awkwardBlocks, endBlocks, probeBlocks } from './probe-blocks.js'

/** A statistic that is none, by the graph of the formula. */
function strayStatistic({ scale: rule, grid }: NumberFormat): string | undefined {
  let stray: string | undefined
  trace(
    defineLanes({
      name: 'statistics',
      inputs: ['w'],
      outputs: [],
      body: ({ w }) => {
        const { x, scale, statistics } = rule.scaled(w!, grid)
        const read = new Set<LaneNode>(reachable([x.node, scale.node]))
        const said = (fits: (lane: Lane) => boolean, what: string): void => {
          const i = statistics.findIndex((lane) => !fits(lane))
          if (i >= 0) stray ??= `statistics[${i}] is ${what}`
        }
        said(({ node }) => !isHigher(node.rate, 'block'), 'one value a weight')
        said(({ node }) => read.has(node), 'read neither by x nor by the scale')
        return {}
      },
    }),
  )
  return stray
}

const known: Law<NumberFormat> = {
  name: 'statistics',
  sentence:
    'What the scale reads of the weights are its `statistics`, numbers of a block or a tensor: held, the scale is a constant, and x the weight over it.',
  refute: (format) => {
    const stray = strayStatistic(format)
    if (stray !== undefined) return { input: 'any weight', found: stray }
    for (const blocks of probeBlocks(format).filter(({ extreme }) => !extreme)) {
      const { slope, inverse, scale } = evaluated(
        ['w'],
        { w: blocks.w },
        'f64',
        ({ w }) => {
          const { x, scale, statistics } = format.scale.scaled(w!, format.grid)
          const by = (lane: Lane): Lane => gradient(lane, w!, { hold: statistics })
          return { slope: by(scale), inverse: by(x), scale }
        },
        blocks.layout,
      )
      // A block with scale 0 has no slope.
      const i = blocks.w.findIndex(
        (_, k) => scale![k]! !== 0 && !(slope![k] === 0 && Math.abs(inverse![k]! * scale![k]! - 1) <= 1e-6),
      )
      if (i >= 0)
        return {
          input: `${blocks.name}, w = ${blocks.w[i]}`,
          found: `with them held, the slope of the scale is ${shown(slope![i]!)}, expected 0, and that of x ${shown(inverse![i]!)}, expected ${shown(1 / scale![i]!)}`,
        }
    }
    return undefined
  },
}

const stored: Law<NumberFormat> = {
  name: 'bits of scales',
  sentence:
    'A block has one scale, a tensor one factor of it; they take no more values than `bits` and `tensorBits` tell apart, and one alone where these are 0.',
  refute: (format) => {
    const { bits, tensorBits = 0 } = format.scale
    const values = { block: new Set<number>(), tensor: new Set<number>() }
    const all = [...probeBlocks(format), ...awkwardBlocks(format), ...endBlocks(format)]
    for (const { w, layout, name } of all) {
      const found = onBlocks(format, { w, layout }, 'f32', ({ scale, factors }) => ({
        block: factors?.block ?? scale,
        ...(factors ? { tensor: factors.tensor } : {}),
      }))
      let uneven: Counterexample | undefined
      eachBlock(layout, (block, base, count, stride) => {
        for (let k = 0, i = base; k < count; k++, i += stride) {
          if (found['block']![i] !== found['block']![base])
            uneven ??= {
              input: `${name}, block ${block}`,
              found: `weights of one block have the scales ${found['block']![base]} and ${found['block']![i]}`,
            }
        }
      })
      const other = found['tensor']?.findIndex((value, _, tensor) => value !== tensor[0]) ?? -1
      if (other >= 0)
        uneven ??= {
          input: name,
          found: `weights of one tensor have its factors ${found['tensor']![0]} and ${found['tensor']![other]}`,
        }
      if (uneven) return uneven
      for (const each of ['block', 'tensor'] as const)
        found[each]?.forEach((value) => values[each].add(value))
      for (const [each, own] of [
        ['block', bits],
        ['tensor', tensorBits],
      ] as const)
        if (values[each].size > 2 ** own)
          return {
            input: name,
            found: `${values[each].size} scales of a ${each} so far, stored in ${own} bits`,
          }
    }
    return undefined
  },
}

/** What every scale rule is held to on its format's grid. */
export const scaleLaws: readonly Law<NumberFormat>[] = Object.freeze([known, stored])
