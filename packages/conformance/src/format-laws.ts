// Laws of number formats: the scale rule keeps what it claims, casting twice changes nothing, no cast is
// infinite. Comes in: a format. Goes out: counterexamples. Source: the contract `ScaleRule`;
// docs/design/03-formats-and-methods.md.

import { nearestPoint, type Arithmetic, type NumberFormat } from '@lotion/core'
import { allArithmetics, rounding } from '@lotion/core/internal'
import { largestJump, nearestCasts } from '@lotion/noise/internal'
import { onBlocks } from './block-values.js'
import { gridLaws } from './grid-laws.js'
import { roundingOf, shown, type Counterexample, type Law } from './law.js'
import { packingLaws } from './packing-laws.js'
import { awkwardBlocks, endBlocks, probeBlocks, type ProbeBlocks } from './probe-blocks.js'
import { endsOf } from './probe-grids.js'
import { scaleLaws } from './scale-laws.js'

/** Run over every kind of block, in both arithmetics, until one breaks the law. */
function onEach(
  format: NumberFormat,
  at: (blocks: ProbeBlocks, arithmetic: Arithmetic) => Counterexample | undefined,
  { extremes = false, probes = probeBlocks(format), arithmetics = allArithmetics } = {},
): Counterexample | undefined {
  for (const arithmetic of arithmetics) {
    for (const blocks of probes.filter(({ extreme }) => extremes || !extreme)) {
      const broken = at(blocks, arithmetic)
      if (broken)
        return { input: `${blocks.name}, ${broken.input}`, found: `${broken.found} in ${arithmetic}` }
    }
  }
  return undefined
}

const scaling: Law<NumberFormat> = {
  name: 'scale',
  sentence:
    'x and the scale are finite, the scale is not negative unless the rule says `signed`, and x · scale is the weight; also in blocks of zeros and of tiny weights.',
  refute: (format) =>
    onEach(
      format,
      (blocks, arithmetic) => {
        const { x, scale } = onBlocks(format, blocks, arithmetic, ({ site, scale }) => ({ x: site.x, scale }))
        // A scale that underflows makes a block of zeros: the least normal number is the allowance.
        for (const [i, w] of blocks.w.entries()) {
          const [value, unit] = [x![i]!, scale![i]!]
          const input = `w = ${w}`
          if (!Number.isFinite(value) || !Number.isFinite(unit) || (unit < 0 && !format.scale.claims.signed))
            return { input, found: `x is ${value}, the scale ${unit}` }
          if (Math.abs(value * unit - w) > 1e-5 * Math.abs(w) + 2 ** -120)
            return { input, found: `x · scale is ${shown(value * unit)}` }
        }
        return undefined
      },
      { extremes: true },
    ),
}

const nearest: Law<NumberFormat> = {
  name: 'nearest cast',
  sentence:
    '`castNearest` makes of a weight the point that is nearest to x among all points, times the scale.',
  refute: (format) =>
    onEach(
      format,
      (blocks, arithmetic) => {
        const { x, scale } = onBlocks(format, blocks, arithmetic, ({ site, scale }) => ({ x: site.x, scale }))
        const cast = nearestCasts(format, blocks, arithmetic)
        const round = rounding[arithmetic]
        const points = format.grid.points.map(round)
        const i = blocks.w.findIndex((_, k) => {
          const distances = points.map((point) => Math.abs(point - x![k]!))
          // Which of two is nearer is decided by rounded distances.
          const least = Math.min(...distances) + 2 * roundingOf(arithmetic) * Math.abs(x![k]!)
          return !points.some((point, j) => distances[j]! <= least && round(point * scale![k]!) === cast[k])
        })
        return i < 0
          ? undefined
          : {
              input: `w = ${blocks.w[i]}`,
              found: `it is cast to ${shown(cast[i]!)} where x is ${shown(x![i]!)} and the scale ${shown(scale![i]!)}`,
            }
      },
      { extremes: true },
    ),
}

const zeros: Law<NumberFormat> = {
  name: 'zeros',
  sentence: 'A weight of 0 is cast to 0, in a block of zeros too.',
  applies: ({ grid }) => grid.points.includes(0),
  refute: (format) =>
    onEach(
      format,
      (blocks, arithmetic) => {
        const cast = nearestCasts(format, blocks, arithmetic)
        const i = blocks.w.findIndex((w, k) => w === 0 && cast[k] !== 0)
        return i < 0 ? undefined : { input: 'w = 0', found: `its cast is ${cast[i]}` }
      },
      { extremes: true },
    ),
}

const inside: Law<NumberFormat> = {
  name: 'range',
  sentence: 'No scaled weight lies beyond the ends of the grid.',
  claim: 'never saturates',
  claimed: ({ scale }) => !scale.claims.saturates,
  // Extremes too, if the rule says how far it reaches.
  refute: (format) => {
    const [bottom, top] = endsOf(format.grid.points)
    const reach = format.scale.claims.saturates ? undefined : format.scale.reach?.(format.grid)
    return onEach(
      format,
      (blocks, arithmetic) => {
        const { x } = onBlocks(format, blocks, arithmetic, ({ site }) => ({ x: site.x }))
        const round = rounding[arithmetic]
        const i = x!.findIndex(
          (value, k) =>
            Math.abs(blocks.w[k]!) <= (reach ?? Infinity) && (value > round(top) || value < round(bottom)),
        )
        return i < 0
          ? undefined
          : {
              input: `w = ${blocks.w[i]}`,
              found: `x is ${shown(x![i]!)}, the grid ends at ${x![i]! > 0 ? top : bottom}`,
            }
      },
      reach === undefined
        ? { probes: [...probeBlocks(format), ...awkwardBlocks(format)] }
        : { extremes: true, probes: [...probeBlocks(format), ...endBlocks(format)] },
    )
  },
}

const ends: Law<NumberFormat> = {
  name: 'ends of f32',
  sentence: 'The cast of a finite weight is a finite number in single precision, up to the largest there is.',
  refute: (format) =>
    onEach(
      format,
      (blocks, arithmetic) => {
        const cast = nearestCasts(format, blocks, arithmetic)
        const i = cast.findIndex((value) => !Number.isFinite(value))
        return i < 0 ? undefined : { input: `w = ${blocks.w[i]}`, found: `its cast is ${cast[i]}` }
      },
      { extremes: true, probes: endBlocks(format), arithmetics: ['f32'] },
    ),
}

const steady: Law<NumberFormat> = {
  name: 'scale without jumps',
  sentence: 'The scale is continuous in the weights.',
  claim: 'continuous',
  claimed: ({ scale }) => scale.claims.continuous,
  refute: (format) => {
    const { at, from, to, size } = largestJump(format, ({ scale }) => scale)
    return size <= 1e-6
      ? undefined
      : {
          input: `a block's largest weight near ${shown(at)}`,
          found: `the scale goes from ${shown(from)} to ${shown(to)}`,
        }
  },
}

/** All blocks on which a second cast is tried. */
function onCasts(
  format: NumberFormat,
  at: (blocks: ProbeBlocks, once: readonly number[], arithmetic: Arithmetic) => Counterexample | undefined,
): Counterexample | undefined {
  return onEach(
    format,
    (blocks, arithmetic) => at(blocks, [...nearestCasts(format, blocks, arithmetic)], arithmetic),
    { extremes: true, probes: [...probeBlocks(format), ...awkwardBlocks(format), ...endBlocks(format)] },
  )
}

const twice: Law<NumberFormat> = {
  name: 'casting twice',
  sentence:
    'A cast weight is representable: casting again moves it by no more than a rounding of the scale, in f64 and in f32.',
  claim: 'repeats',
  claimed: ({ scale, grid }) => scale.claims.repeats?.(grid) ?? true,
  refute: (format) =>
    onCasts(format, (blocks, once, arithmetic) => {
      const again = nearestCasts(format, { ...blocks, w: once }, arithmetic)
      // The maximum, its scale and the product are rounded again, once each; products below f32's normal
      // numbers by a step.
      const i = once.findIndex(
        (w, k) => !(Math.abs(again[k]! - w) <= 4 * roundingOf(arithmetic) * Math.abs(w) + 2 ** -149),
      )
      return i < 0
        ? undefined
        : {
            input: `w = ${blocks.w[i]}`,
            found: `it is cast to ${shown(once[i]!)}, and that to ${shown(again[i]!)}`,
          }
    }),
}

const exact: Law<NumberFormat> = {
  name: 'cast weights are points',
  sentence:
    'A cast weight is its point to the bit, in f64 and in f32: x is the point, a second cast and the product of the point with the stored factors, in either order, give the weight.',
  claim: 'isExact',
  claimed: ({ scale, grid }) => scale.claims.isExact?.(grid),
  refute: (format) =>
    onCasts(format, (blocks, once, arithmetic) => {
      const { x, again, apart } = onBlocks(
        format,
        { ...blocks, w: once },
        arithmetic,
        ({ site, scale, factors }) => {
          const point = nearestPoint(site)
          return {
            x: site.x.sub(point),
            again: point.mul(scale),
            apart: factors ? point.mul(factors.block).mul(factors.tensor) : point.mul(scale),
          }
        },
      )
      const i = once.findIndex((w, k) => x![k] !== 0 || again![k] !== w || apart![k] !== w)
      return i < 0
        ? undefined
        : {
            input: `w = ${blocks.w[i]}`,
            found: `it is cast to ${once[i]}, there x is ${shown(x![i]!)} off its point, cast again ${again![i]}, as a product of factors ${apart![i]}`,
          }
    }),
}

/** What every format is held to. */
export const formatLaws: readonly Law<NumberFormat>[] = Object.freeze([
  ...gridLaws,
  scaling,
  nearest,
  zeros,
  inside,
  ends,
  steady,
  twice,
  exact,
  ...scaleLaws,
  ...packingLaws,
])
