// Figures of the weights on the grid beside those of a run's own validation. Comes in: what `fit` is given.
// Goes out: the same, with a callback that adds to the logs of an epoch; lengths of runs.
// Source: `fit`, `fitDataset` and `standardizeCallbacks` of tfjs-layers.

import type * as tfjs from '@tensorflow/tfjs-core'

type Tensor = tfjs.Tensor
/** What inputs and targets are given as. */
export type Tensors = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>

/** A dataset of tf.data, as far as it is looked at. */
export interface Dataset {
  readonly size?: number | null
  iterator(): unknown
}

/** What `fit` and `fitDataset` take, as far as it is looked at. */
export interface FitArguments {
  readonly batchSize?: number
  readonly epochs?: number
  readonly initialEpoch?: number
  readonly batchesPerEpoch?: number
  readonly validationSplit?: number
  readonly validationData?: Dataset | readonly [Tensors, Tensors, ...unknown[]]
  readonly validationBatches?: number
  readonly validationBatchSize?: number
  readonly callbacks?: unknown
}

/** A model, as far as it is asked here. */
export interface Evaluated {
  readonly layers: readonly object[]
  evaluate(x: Tensors, y: Tensors, args?: { readonly batchSize?: number }): Tensor | readonly Tensor[]
  evaluateDataset(dataset: Dataset, args?: { readonly batches?: number }): Promise<Tensor | readonly Tensor[]>
}

/** tfjs's own batch size. */
const BATCH_SIZE = 32

/** Examples of which a run validates the last ones, and those that it trains on. */
function split(x: Tensors, { validationSplit = 0 }: FitArguments): readonly [trained: number, all: number] {
  const [all = 0] = first(x).shape
  return [Math.floor(all * (1 - validationSplit)), all]
}

/** Steps that `fit` will take. */
export function stepsOfFit(x: Tensors, args: FitArguments): number {
  const { batchSize = BATCH_SIZE, epochs = 1, initialEpoch = 0 } = args
  return (epochs - initialEpoch) * Math.ceil(split(x, args)[0] / batchSize)
}

/** Steps that `fitDataset` will take; NaN if neither says how many batches there are. */
export function stepsOfDataset({ size }: Dataset, args: FitArguments): number {
  const { epochs = 1, initialEpoch = 0, batchesPerEpoch = size ?? Number.NaN } = args
  return Number.isFinite(batchesPerEpoch) ? (epochs - initialEpoch) * batchesPerEpoch : Number.NaN
}

/**
 * Let a run tell at the end of each epoch, beside every `val_…`, the same of the weights on the grid:
 * `val_…_quantized`. Callbacks of the run, early stopping among them, see it. A dataset is read twice an
 * epoch.
 * @throws TypeError for a stateful layer; Error at the end of an epoch for a dataset that can be read once
 * alone.
 * @param onTheGrid Puts the weights there, and gives a function that takes them back.
 * @param data Of `fit`, whose last part may be validated.
 */
export function withQuantizedFigures<A extends FitArguments>(
  tf: typeof tfjs,
  model: Evaluated,
  args: A,
  onTheGrid: () => () => void,
  data?: readonly [x: Tensors, y: Tensors],
): A {
  const { validationData: given } = args
  const counted = isDataset(given) ? countedDataset(given) : undefined
  const own = counted ? { ...args, validationData: counted.dataset } : args
  const evaluate = validationOf(tf, model, own, data)
  if (!evaluate) return args
  refuseState(model)
  const onEpochEnd = async (_: number, logs: Record<string, unknown> = {}): Promise<void> => {
    // An output may be called `val_…` itself: a figure of validation has one of training beside it.
    const names = Object.keys(logs).filter((name) => name.startsWith('val_') && name.slice(4) in logs)
    const batches = counted?.batches()
    const release = onTheGrid()
    let found: readonly Tensor[]
    try {
      found = await evaluate()
    } finally {
      // Before figures are read, which on a GPU leaves time for others to look at the weights.
      release()
    }
    const values = await read(found)
    if (counted && counted.batches() < batches!) throw readOnce(batches!, counted.batches())
    for (const [i, name] of names.entries()) logs[`${name}_quantized`] = values[i]
  }
  return { ...own, callbacks: [callback(args.callbacks, onEpochEnd), ...listed(args.callbacks)] }
}

/** @throws TypeError naming a layer that goes on from batch to batch: two passes would see different ones. */
function refuseState({ layers }: Evaluated): void {
  const found = layers.find((layer) => (layer as { readonly stateful?: boolean }).stateful === true)
  if (!found) return
  const { name } = found as { readonly name: string }
  throw new TypeError(
    `fit: expected a model whose layers keep no state between batches, since validation runs a second time, on the grid, found '${name}' stateful; ` +
      'train it without validation, and evaluate cast() after resetStates()',
  )
}

/** A dataset that tells how many batches its last pass had so far. */
function countedDataset(given: Dataset): { readonly dataset: Dataset; batches(): number } {
  let count = 0
  const dataset: Dataset = {
    ...(given.size === undefined ? {} : { size: given.size }),
    iterator: async () => {
      count = 0
      const iterator = (await given.iterator()) as { next(): Promise<{ readonly value: unknown }> }
      const next = async (): Promise<unknown> => {
        const item = await iterator.next()
        if (item.value) count++
        return item
      }
      return { next }
    },
  }
  return { dataset, batches: () => count }
}

const readOnce = (first: number, then: number): Error =>
  new Error(
    `validationData: expected a dataset that gives the same batches again, for validation on the grid, found ${first}, then ${then}; ` +
      'let each call of its generator begin anew, or give tensors',
  )

function validationOf(
  tf: typeof tfjs,
  model: Evaluated,
  args: FitArguments,
  data?: readonly [x: Tensors, y: Tensors],
): (() => Promise<readonly Tensor[]>) | undefined {
  const { validationData, validationSplit = 0, validationBatches } = args
  const batchSize = (data ? args.batchSize : args.validationBatchSize) ?? BATCH_SIZE
  if (isDataset(validationData)) {
    const batches = validationBatches === undefined ? {} : { batches: validationBatches }
    return async () => tensorsOf(await model.evaluateDataset(validationData, batches))
  }
  if (validationData) {
    const [x, y] = validationData
    return async () => tensorsOf(model.evaluate(x, y, { batchSize }))
  }
  if (!data || validationSplit <= 0) return undefined
  const [from, all] = split(data[0], args)
  return async () => {
    const [x, y] = data.map((tensors) => mapped(tensors, (one) => tf.slice(one, from, all - from)))
    try {
      return tensorsOf(model.evaluate(x!, y!, { batchSize }))
    } finally {
      tf.dispose([x, y] as never)
    }
  }
}

const tensorsOf = (found: Tensor | readonly Tensor[]): readonly Tensor[] => (isList(found) ? found : [found])

async function read(all: readonly Tensor[]): Promise<readonly number[]> {
  const values = await Promise.all(all.map((one) => one.data()))
  for (const one of all) one.dispose()
  return values.map(([value]) => value!)
}

const isList = <T>(value: unknown): value is readonly T[] => Array.isArray(value)

const isDataset = (data: FitArguments['validationData']): data is Dataset =>
  data !== undefined && 'iterator' in data

const isTensor = (value: Tensors): value is Tensor => 'dataId' in value

function mapped(tensors: Tensors, of: (one: Tensor) => Tensor): Tensors {
  if (isTensor(tensors)) return of(tensors)
  if (isList<Tensor>(tensors)) return tensors.map(of)
  return Object.fromEntries(Object.entries(tensors).map(([name, one]) => [name, of(one)]))
}

const first = (tensors: Tensors): Tensor =>
  isTensor(tensors) ? tensors : (Object.values(tensors) as readonly Tensor[])[0]!

const listed = (callbacks: unknown): readonly unknown[] =>
  callbacks === undefined || callbacks === null ? [] : isList(callbacks) ? callbacks : [callbacks]

/**
 * A callback beside those of a run. tfjs takes a list of records, or of instances of its own class, told by
 * the first: ours is then an instance too.
 */
function callback(callbacks: unknown, onEpochEnd: object): object {
  const [other] = listed(callbacks)
  if (typeof (other as { readonly setParams?: unknown } | undefined)?.setParams !== 'function')
    return { onEpochEnd }
  let base = Object.getPrototypeOf(other) as object
  while (Object.getPrototypeOf(base) !== Object.prototype) base = Object.getPrototypeOf(base) as object
  return Object.assign(new (base.constructor as new () => object)(), { onEpochEnd })
}
