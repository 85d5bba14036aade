// What the quantized weights of a run do. Comes in: the arrays that are trained, at an evaluation. Goes out:
// how far they are from the grid, what rounding would change, which codes they use: plain data.
// Source: LOTION (arXiv 2510.08757): σ² of randomized rounding; docs/design/04-bench.md, records.

import { gridPlaces } from '@lotion/checkpoints/internal'
import { ratiosOf } from '@lotion/checkpoints'
import { layoutOf, leafOf, sizeOf, type NumberFormat, type Tree } from '@lotion/core'
import { blockName } from '@lotion/core/internal'
import { bitsPerWeight } from '@lotion/formats'
import { formatWord } from '@lotion/formats/internal'
import { quantizedAxes } from '@lotion/optim'
import type { OpenWorkload, Workload } from '../tasks/task.js'

/** A histogram: bin i counts from `from` + i · `width` on. */
export interface Histogram {
  /** Where the first bin begins. */
  readonly from: number
  /** Of a bin. */
  readonly width: number
  /** Of each bin. */
  readonly counts: readonly number[]
}

/** Codes of a format that weights use. */
export interface CodesSeen {
  /** How many codes a weight has. */
  readonly used: number
  /** How many codes there are. */
  readonly of: number
  /** Of their counts, in bits. */
  readonly entropy: number
}

/** Weights over the points of a format. */
export interface GridSeen extends Histogram {
  /** Its name. */
  readonly format: string
}

/** What is seen of the quantized weights at one moment. Lists by parameter are in the order of the rule. */
export interface WeightsSeen {
  /** Mean distance to the nearest point, in cells: 0 on the grid, 1/4 if spread evenly, 1/2 at thresholds. */
  readonly distance: number
  /** Mean σ² of randomized rounding, in units of the weights squared. */
  readonly variance: number
  /** Share of the weights beyond the ends of the grid. */
  readonly saturated: number
  /** Codes in use of those that there are, and the entropy of their counts in bits. */
  readonly codes: CodesSeen
  /** Weights over their block's scale, in a bin each part of a cell: of those in the method's own format. */
  readonly grid: GridSeen
  /** Place in the cell around the nearest point, from −1/2 to 1/2 of a cell. */
  readonly around: readonly number[]
  /** Signal to error of the nearest cast by parameter, dB; null where nothing is lost. */
  readonly sqnr: readonly (number | null)[]
  /** By parameter, the share of weights whose code the last step changed; absent before the first step. */
  readonly flips?: readonly number[]
}

/** A parameter, quantized or not. */
export interface ParameterSeen {
  /** As the model calls it. */
  readonly name: string
  /** How many weights it has. */
  readonly weights: number
  /** The name of its format; absent in full precision, which comes after all quantized ones. */
  readonly format?: string
  /** What shares a scale: `tensor`, `row` or a number of weights. */
  readonly block?: string
  /** Bits a weight, with its share of the scales. */
  readonly bits: number
}

/** Looks at the weights of a run as they are at the time. */
export interface WeightsObserver {
  /** Quantized ones first, in the order of lists by parameter. */
  readonly parameters: readonly ParameterSeen[]
  /** Remember the codes, for the next look to count those that one step changed. */
  remember(): void
  /** One pass over the quantized weights. */
  look(): WeightsSeen
}

/** Bins of the place in a cell, an odd number: the middle one is the grid point. */
const AROUND_BINS = 33

/** Bins between the ends of the grid, at most; and to the smallest cell, where there is room. */
const GRID_BINS = 256
const CELL_BINS = 9

/** Bits of a weight that is not quantized. */
const FULL_BITS = 32

/** Digits that are recorded: a histogram's reader sees no more. */
const digits = (value: number): number => Number(value.toPrecision(6))

/** Observe the parameters of a problem under the format of its method, or their own. */
export function weightsObserver(options: {
  readonly workload: Pick<Workload, 'quantize' | 'shapes'>
  readonly opened: Pick<OpenWorkload, 'executor'>
  readonly params: Tree<Float32Array>
  readonly format: NumberFormat
}): WeightsObserver {
  const {
    workload: { quantize, shapes },
    opened: { executor },
    params,
  } = options
  const axes = quantizedAxes(quantize, shapes)
  const all = [...axes].map(([name, axis]) => {
    const format = axes.formats?.get(name) ?? options.format
    const shape = leafOf(shapes, name, 'shapes')
    return { name, shape, axis, format, layout: layoutOf(shape, format.block, axis) }
  })
  const fns = new Map(all.map(({ format }) => [format, gridPlaces(format)]))
  const indices = new Map(
    all.map(({ format }) => [format, new Map(format.grid.points.map((point, i) => [Math.fround(point), i]))]),
  )
  // Weights in other formats have another grid, which one figure cannot show too.
  const shown = all.some(({ format }) => format === options.format) ? options.format : all[0]!.format
  const visit = (
    see: (parameter: (typeof all)[number], at: Places, codes: Codes, w: Float32Array) => void,
  ) => {
    for (const parameter of all) {
      const { format, layout, name } = parameter
      const w = leafOf(params, name, 'params')
      const [outputs] = executor.lanes([{ fn: fns.get(format)!, inputs: { w }, layout }])
      const places = outputs as unknown as Places
      const points = indices.get(format)!
      const codes = new (points.size > 256 ? Uint16Array : Uint8Array)(w.length)
      for (let i = 0; i < w.length; i++) codes[i] = points.get(places.point[i]!) ?? 0
      see(parameter, places, codes, w)
      for (const array of Object.values(places)) executor.free?.(array)
    }
  }
  let remembered: Map<string, Codes> | undefined
  return Object.freeze({
    parameters: [
      ...all.map(({ name, shape, axis, format }) => ({
        name,
        weights: sizeOf(shape),
        format: formatWord(format),
        block: blockName(format.block),
        bits: bitsPerWeight(format, shape, axis),
      })),
      ...Object.entries(shapes).flatMap(([name, shape]) =>
        axes.has(name) ? [] : [{ name, weights: sizeOf(shape), bits: FULL_BITS }],
      ),
    ],
    remember: () => {
      const codes = new Map<string, Codes>()
      visit(({ name, format }, { point, cast }, own) => {
        const zero = format.grid.points.indexOf(0)
        codes.set(
          name,
          own.map((code, i) => unturned(code, zero, point[i]! * cast[i]!)),
        )
      })
      remembered = codes
    },
    look: () => {
      const grid = gridBins(shown)
      const around = new Array<number>(AROUND_BINS).fill(0)
      const codeCounts = new Array<number>(shown.grid.points.length).fill(0)
      const sum = { weights: 0, distance: 0, variance: 0, saturated: 0 }
      const sqnr: (number | null)[] = []
      const flips: number[] = []
      visit(({ name, format }, { x, lo, hi, point, cast, deviation }, codes, w) => {
        const zero = format.grid.points.indexOf(0)
        const own = { weights: w.length, saturated: 0, onGrid: 0, variance: 0, signal: 0, error: 0 }
        let changed = 0
        const before = remembered?.get(name)
        for (let i = 0; i < w.length; i++) {
          const [low, high, place] = [lo[i]!, hi[i]!, x[i]!]
          const share = low < high ? (place - low) / (high - low) : 0
          sum.distance += Math.min(share, 1 - share)
          // From −1/2 to 1/2 of a cell.
          const off = share < 0.5 ? share : share - 1
          around[Math.min(AROUND_BINS - 1, Math.floor((off + 0.5) * AROUND_BINS))]!++
          own.saturated += place < low || place > high ? 1 : 0
          own.variance += deviation[i]! ** 2
          own.signal += w[i]! ** 2
          own.error += (cast[i]! - w[i]!) ** 2
          if (before && before[i] !== unturned(codes[i]!, zero, point[i]! * cast[i]!)) changed++
          if (format !== shown) continue
          codeCounts[codes[i]!]!++
          const bin = Math.floor((place - grid.from) / grid.width)
          grid.counts[Math.max(0, Math.min(grid.counts.length - 1, bin))]!++
        }
        sum.weights += own.weights
        sum.variance += own.variance
        sum.saturated += own.saturated
        const ratio = ratiosOf(own).sqnr
        sqnr.push(Number.isFinite(ratio) ? digits(ratio) : null)
        if (before) flips.push(digits(changed / w.length))
      })
      const isCompared = remembered !== undefined
      remembered = undefined
      const { weights, distance, variance, saturated } = sum
      return {
        distance: digits(distance / weights),
        variance: digits(variance / weights),
        saturated: digits(saturated / weights),
        codes: codesOf(codeCounts),
        grid: { format: formatWord(shown), ...grid },
        around,
        sqnr,
        ...(isCompared ? { flips } : {}),
      }
    },
  } satisfies WeightsObserver)
}

/** A code a weight: the position of its nearest point. */
type Codes = Uint8Array | Uint16Array

/**
 * A code as that of a scale above 0: where a scale turns its sign over, weights keep their cast, and no code
 * has changed for them.
 * @param zero The code of 0.
 * @param sign Of the scale; 0 for a weight of 0.
 */
const unturned = (code: number, zero: number, sign: number): number => (sign < 0 ? 2 * zero - code : code)

type Places = Readonly<Record<'x' | 'lo' | 'hi' | 'point' | 'cast' | 'deviation', Float32Array>>

/**
 * Bins over a grid, and half a cell beyond its ends. The points of a regular grid lie in the middles of bins,
 * so that weights on them make an even peak: a bin is an odd part of the smallest cell, or an odd number of
 * cells, counted from 0. An even one would have points on edges, all of whose weights fall to one side.
 */
export function gridBins({ grid: { points } }: Pick<NumberFormat, 'grid'>): {
  readonly from: number
  readonly width: number
  readonly counts: number[]
} {
  const [bottom, top] = [points[0]!, points.at(-1)!]
  const gap = Math.min(...points.slice(1).map((point, i) => point - points[i]!))
  const cells = (top - bottom) / gap
  const odd = (count: number): number => (count % 2 === 1 ? count : count - 1)
  const perCell = Math.min(CELL_BINS, odd(Math.floor(GRID_BINS / cells)))
  const width = perCell >= 1 ? gap / perCell : gap * odd(Math.ceil(cells / GRID_BINS) + 1)
  const middle = points.includes(0) ? 0 : bottom
  const beyond = Math.max(1, Math.ceil(perCell / 2))
  // Points are whole numbers of bins away but for rounding.
  const away = (distance: number): number => Math.ceil(distance / width - 1e-6) + beyond
  const below = away(middle - bottom)
  const count = below + 1 + away(top - middle)
  return { from: middle - width * (below + 0.5), width, counts: new Array<number>(count).fill(0) }
}

function codesOf(counts: readonly number[]): CodesSeen {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const entropy = counts.reduce((sum, n) => (n === 0 ? sum : sum - (n / total) * Math.log2(n / total)), 0)
  return { used: counts.filter((n) => n > 0).length, of: counts.length, entropy: digits(entropy) }
}
