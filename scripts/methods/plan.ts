// What the table of methods compares, in one place. Comes in: nothing. Goes out: tables, formats, methods.
// Source: docs/design/21-methods-table.md says how rates and seeds are chosen.
import { language, linearRegression, twoLayer, valuesOf, type TaskChoice } from '@lotion/bench'

/** A format with its blocks. */
export interface PlannedFormat {
  readonly word: string
  /** `tensor`, `row` or a number of weights. */
  readonly block: string
  /** Other scale rules that its own files can hold. */
  readonly scales: readonly string[]
}

/** A way of training. */
export interface TableMethod {
  /** As `--methods` takes it. */
  readonly word: string
  /** Another scale rule than the format's own. */
  readonly scale?: string
}

/** One task, with what is tried on it. */
export interface TablePlan {
  readonly name: string
  readonly title: string
  /** What its losses are. */
  readonly loss: string
  readonly task: TaskChoice
  readonly fisher: string
  readonly steps: number
  /** Randomized roundings averaged a seed. */
  readonly casts: number
  readonly rates: readonly number[]
  /** That of `lotion run`, until one is chosen. */
  readonly usual: number
  /** Seeds that choose the rate, none of them reported. */
  readonly choosing: readonly number[]
  readonly reporting: readonly number[]
  /** Decimals of losses; without them three significant digits. */
  readonly decimals?: number
}

/** All that is compared. */
export interface Plan {
  readonly tables: readonly TablePlan[]
  readonly formats: readonly PlannedFormat[]
  readonly methods: readonly TableMethod[]
  /** The method that paired differences are to. */
  readonly baseline: string
}

const clipped = ['mse-clip']

/** From the finest gap to the widest, but for INT8, which has next to none and comes last. */
const formats: readonly PlannedFormat[] = [
  { word: 'int4', block: '32', scales: clipped },
  { word: 'int3', block: 'row', scales: clipped },
  { word: 'nvfp4', block: '16', scales: ['e4m3-nearest'] },
  { word: 'int4', block: 'tensor', scales: clipped },
  { word: 'mxfp4', block: '32', scales: ['e8m0-nearest', 'e8m0-even', 'e8m0-floor'] },
  { word: 'fp4', block: 'row', scales: clipped },
  { word: 'int2', block: 'row', scales: clipped },
  { word: 'int8', block: 'tensor', scales: clipped },
]

/** A new method is a line here. */
const methods: readonly TableMethod[] = [
  { word: 'ptq' },
  ...[...new Set(formats.flatMap(({ scales }) => scales))].map((scale) => ({ word: 'ptq', scale })),
  { word: 'qat' },
  { word: 'qat@0.8' },
  { word: 'qat@0.8', scale: 'mse-clip' },
  { word: 'lsq' },
  { word: 'lsq@0.8' },
  { word: 'rat' },
  { word: 'cage' },
  { word: 'lotion' },
  { word: 'lotion+qat@0.8' },
  { word: 'lotion+lsq@0.8' },
]

const span = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => first + i)

/** The tables of docs/results/methods.md. */
export const plan: Plan = {
  formats,
  methods,
  baseline: 'lsq@0.8',
  tables: [
    {
      name: 'language',
      title: 'Language model',
      loss: 'nats per byte on speeches that were not trained on',
      task: { word: 'language', options: valuesOf(language) },
      fisher: 'empirical',
      steps: language.steps,
      casts: 8,
      rates: [2.5e-3, 5e-3, 1e-2, 2e-2],
      usual: language.learningRate,
      choosing: [0],
      reporting: span(20, 5),
      decimals: 4,
    },
    {
      name: 'linear-regression',
      title: 'Linear regression',
      loss: 'the population loss',
      task: { word: 'linear-regression', options: valuesOf(linearRegression) },
      fisher: 'exact',
      steps: linearRegression.steps,
      casts: 16,
      rates: [0.3, 0.6, 1, 1.5],
      usual: linearRegression.learningRate,
      choosing: span(0, 2),
      reporting: span(20, 10),
    },
    {
      name: 'two-layer',
      title: 'Two-layer network',
      loss: 'the population loss',
      task: { word: 'two-layer', options: valuesOf(twoLayer) },
      fisher: 'exact',
      steps: twoLayer.steps,
      casts: 16,
      rates: [3e-3, 1e-2, 3e-2, 1e-1],
      usual: twoLayer.learningRate,
      choosing: span(0, 2),
      reporting: span(20, 10),
    },
  ],
}

/** Two formats, two seeds, the usual rate: what a first look takes. */
export const quick = {
  tables: ['language'],
  formats: ['int4/32', 'int3/row'],
  seeds: 2,
} as const

/** What a format is called: `int4/32`. */
export const formatName = ({ word, block }: PlannedFormat): string => `${word}/${block}`

/** What a method is called: as it is typed, with its scale rule where that is not the format's own. */
export const methodName = ({ word, scale }: TableMethod): string =>
  scale === undefined ? word : `${word} (${scale})`

/** Whether a method can train for a format: a format's file holds scales of its own kind alone. */
export const fits = (format: PlannedFormat, { scale }: TableMethod): boolean =>
  scale === undefined || format.scales.includes(scale)
