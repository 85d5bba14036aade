// Every lane function of every package, once. Comes in: the plugins. Goes out: formulas with what they run
// over. A new plugin appears here by being exported; a new kind of formula is one line below.

import {
  blockOf,
  castNearest,
  castSample,
  castVariance,
  defineLanes,
  fisherDiagonal,
  gradient,
  locate,
  observedSlots,
  perTensor,
  scalarNames,
  type Block,
  type FisherEstimator,
  type Lane,
  type LaneFn,
  type Noise,
  type NumberFormat,
  type StepInfo,
  type Transformation,
} from '@lotion/core'
import { adamSecondMoment } from '@lotion/fisher'
import {
  castStatistics,
  defineFormat,
  fp4,
  int4,
  mseClip,
  mxfp4,
  nf4,
  nvfp4,
  quantize,
  withBlock,
  withScale,
} from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import {
  adamw,
  cage,
  clippedQat,
  lsq,
  chain,
  clipByGlobalNorm,
  everything,
  lotion,
  ptq,
  sgd,
  smoothingPenalty,
  withMethod,
  type Method,
} from '@lotion/optim'
import { LINEAR_STEP_SIZE, resolved, stepLanes } from '@lotion/optim/internal'
import { operations } from './operations.js'
import { allFishers, allFormats, allGrids, allNoises, allScales, allTransformations } from './plugins.js'

/** A lane function and what it is run over. */
export interface LaneEntry {
  /** Unique, `package/what/of what`. */
  readonly name: string
  readonly fn: LaneFn
  /** Blocks of its weights. */
  readonly block: Block
  /** Points of the grid that weights are put on and between. */
  readonly points: readonly number[]
  /** Its scalars, as in the middle of a run. */
  readonly scalars: Readonly<Record<string, number>>
  /** Fewer kinds of weights in fewer layouts: for the many products of what is there in full. */
  readonly brief?: boolean
}

/** In the middle of a run. */
const stepContext: StepInfo = { step: 3, steps: 10, terms: 4 }

/** Grids of each kind: uniform, by binades, listed; scales by block and tensor. */
const representativeFormats: readonly NumberFormat[] = [int4, fp4, nf4, nvfp4]

const onGrid = (name: string, fn: LaneFn, format: NumberFormat = int4): LaneEntry =>
  Object.freeze({ name, fn, block: format.block, points: format.grid.points, scalars: {} })

/** σ² and its slopes, through the scale and with the scale held. */
function variance(
  format: NumberFormat,
  noise: Noise,
): LaneFn<'w' | 'fisher', never, 'variance' | 'slope' | 'held'> {
  return defineLanes({
    name: `variance ${format.name} ${noise.name}`,
    inputs: ['w', 'fisher'],
    outputs: ['variance', 'slope', 'held'],
    body: ({ w, fisher }) => {
      const at = locate(format, w)
      const variance = castVariance(at, noise)
      const penalty = fisher.mul(variance).mul(0.5)
      return {
        variance,
        slope: gradient(penalty, w, { hold: [fisher] }),
        held: gradient(penalty, w, { hold: [fisher, ...at.statistics] }),
      }
    },
  })
}

/** The fused step of one parameter: weights, gradient and slots in, weights and slots out. */
function step(name: string, transformation: Transformation, format: NumberFormat = int4): LaneEntry {
  const part = resolved(transformation, { name: 'w', shape: [4, 4] })!
  return {
    ...onGrid(name, stepLanes(part), format),
    block: part.block ?? format.block,
    scalars: part.scalars(stepContext),
  }
}

function fused(
  method: Method,
  optimizer: Transformation = adamw({ learningRate: 0.01, weightDecay: 0.1 }),
): LaneEntry {
  return step(
    `optim/${method.name} + ${optimizer.name}/${method.format.name}`,
    withMethod(method, optimizer, everything),
    method.format,
  )
}

/** An estimator's new slots and diagonal. */
function estimate(fisher: FisherEstimator): LaneEntry {
  const inputs = [...fisher.needs.map(({ name }) => name), ...fisher.slots, ...Object.keys(fisher.borrows)]
  const fn = defineLanes({
    name: `fisher ${fisher.name}`,
    inputs,
    scalars: scalarNames(fisher),
    outputs: [...fisher.slots, 'diagonal'],
    body: (x) => {
      const known: Readonly<Record<string, Lane>> = { ...x, ...observedSlots(fisher, x) }
      return { ...known, diagonal: fisherDiagonal(fisher, known) }
    },
  })
  return { ...onGrid(`fisher/${fisher.name}`, fn), scalars: fisher.scalars(stepContext) }
}

const quiet = { onWarning: (): void => undefined }
const rr = randomizedRounding

/** What a cast and the smoothed loss need of a format. */
const ofFormat = (format: NumberFormat, from: string): readonly LaneEntry[] => [
  onGrid(`${from}/cast`, castNearest(format), format),
  onGrid(`${from}/variance`, variance(format, rr), format),
]

const small = (scale: NumberFormat['scale'], format: NumberFormat): NumberFormat => withScale(format, scale)

/** Samples and variances of every noise with formats. */
const ofPairs = (formats: readonly NumberFormat[]): readonly LaneEntry[] =>
  allNoises.flatMap((noise) =>
    formats.flatMap((format) => [
      onGrid(`noise/${noise.name}/${format.name}/sample`, castSample(format, noise), format),
      onGrid(`noise/${noise.name}/${format.name}/variance`, variance(format, noise), format),
    ]),
  )

/** Every lane function, noises with a format of each kind. */
export const laneFunctions: readonly LaneEntry[] = Object.freeze([
  ...operations.map((fn) => ({ ...onGrid(`core/${fn.name}`, fn), block: blockOf(8), scalars: { s: 1.7 } })),
  ...allFormats.flatMap((format) => [
    ...ofFormat(format, `formats/${format.name}`),
    onGrid(`formats/${format.name}/quantize`, quantize(format), format),
    onGrid(`formats/${format.name}/statistics`, castStatistics(format), format),
  ]),
  ...allScales.flatMap((scale) =>
    [int4, fp4].flatMap((format) =>
      ofFormat(small(scale, format), `formats/${format.name}, scale ${scale.name}`),
    ),
  ),
  ...allGrids.flatMap((grid) =>
    ofFormat(defineFormat({ name: grid.name, grid }), `formats/grid ${grid.name}`),
  ),
  ...ofPairs(representativeFormats),
  onGrid('formats/int4/quantize by a sample', quantize(int4, rr)),
  onGrid('optim/penalty/int4', smoothingPenalty(int4, rr)),
  ...allFishers.map(estimate),
  ...allTransformations
    // What it borrows of an optimizer only where there is one behind it, it can do without.
    .filter(({ borrows }) => Object.values(borrows).every((from) => from === LINEAR_STEP_SIZE))
    .map((part) => step(`optim/${part.name}`, part)),
  ...allFormats.map((format) => fused(lotion({ format, fisher: adamSecondMoment(), ...quiet }))),
  ...allFishers.map((fisher) => {
    const { name, ...entry } = fused(lotion({ format: int4, fisher, ...quiet }))
    return { ...entry, name: `${name}, ${fisher.name}` }
  }),
  fused(lotion({ format: withBlock({ ...int4, name: 'int4, one scale a tensor' }, perTensor), ...quiet })),
  // The penalty bounded by the step size behind it.
  ...representativeFormats.map((format) => fused(lotion({ format, ...quiet }), sgd({ learningRate: 0.5 }))),
  ...representativeFormats.map((format) => fused(cage({ format }))),
  fused(clippedQat({ format: withScale({ ...int4, name: 'int4, clipped' }, mseClip()) })),
  ...representativeFormats.flatMap((format) => {
    const method = lsq({ format })
    return [fused(method), onGrid(`optim/lsq/${format.name}/point`, method.point!, format)]
  }),
  fused(ptq({ format: mxfp4 })),
  step('optim/clip + adamw', chain(clipByGlobalNorm(1), adamw({ learningRate: 0.01 }))),
])

/** Every noise with every other format. */
export const pairFunctions: readonly LaneEntry[] = Object.freeze(
  ofPairs(allFormats.filter((format) => !representativeFormats.includes(format))).map((entry) => ({
    ...entry,
    brief: true,
  })),
)
