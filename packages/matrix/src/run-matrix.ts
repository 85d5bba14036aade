// Runs lane functions on executors and compares with the f32 evaluation. Comes in: lane functions, executors.
// Goes out: a cell for each pair: values compared, the largest distance, where it is. Source: the contract
// `Executor` of @lotion/core.

import {
  evaluate,
  trace,
  type BlockLayout,
  type Executor,
  type LaneCall,
  type LaneFn,
  type Tree,
} from '@lotion/core'
import { totalsOf, ulpDistance } from '@lotion/core/internal'
import type { LaneEntry } from './lane-functions.js'
import { probeLayouts } from './probe-layouts.js'
import { probeInput, probeKinds } from './probe-values.js'
import { inRange, reachableValues, type OperationErrors, type Range } from './reachable-values.js'

/** An executor of the matrix: a column. */
export interface MatrixExecutor {
  readonly name: string
  readonly executor: Executor<unknown>
  /** Outputs overwrite inputs of their name, as a training step does. */
  readonly inPlace?: boolean
  /** All calls of all functions run as one, but for those with totals: enough work for several threads. */
  readonly together?: boolean
  /** Only these functions, if not all: for executors that are slow. */
  readonly only?: (entry: LaneEntry) => boolean
  /**
   * Errors of its operations; without them all bits must be the evaluation's. Such executors get finite
   * weights alone.
   */
  readonly errors?: OperationErrors
  /** Fewer kinds of weights in fewer layouts: for devices that compile a program for each formula. */
  readonly light?: boolean
  /** Called before and after the calls of a function, to free what they made. */
  begin?(): void | Promise<void>
  end?(): void
}

/** One function on one executor. */
export interface MatrixCell {
  readonly entry: string
  readonly executor: string
  /** Numbers compared. */
  readonly values: number
  /** Largest distance from the evaluation, in units of the last place; 0: all bits are the same. */
  readonly worst: number
  /** Where it is; or, for an executor with errors, the first number that they do not explain. */
  readonly where?: string
  /** Numbers that are not what the executor's errors allow; without errors, those that differ. */
  readonly off: number
  readonly error?: string
}

/** Whether a cell is not as it must be. */
export function isOff({ off, error }: MatrixCell): boolean {
  return off > 0 || error !== undefined
}

/** Calls that run as one, with what they should give. */
interface ProbeRun {
  readonly entry: LaneEntry
  readonly calls: readonly ProbeCall[]
  readonly expected: readonly Readonly<Record<string, Float64Array>>[]
  readonly finite: boolean
}

interface ProbeCall {
  readonly name: string
  readonly fn: LaneFn
  readonly inputs: Tree<Float32Array | number>
  readonly layout: BlockLayout
}

/** Some kinds of weights in the first layouts, instead of all in all. */
interface Part {
  readonly kinds: readonly string[]
  readonly layouts: number
}

/** What devices get. */
const lightProbes: Part = { kinds: ['normal', 'grid points', 'halves', '±0', 'of all sizes'], layouts: 2 }
/** What brief entries get: a kind of each way in which arithmetic goes wrong. */
const briefProbes: Part = {
  kinds: ['normal', 'halves', '±0', 'subnormal', 'of all sizes', 'not finite'],
  layouts: 2,
}

/** The calls of a function, one run a kind of weights: totals add up over layouts, not over kinds. */
function probeRuns(entry: LaneEntry, part: Part | undefined): readonly ProbeRun[] {
  const kinds = part ? probeKinds.filter(({ name }) => part.kinds.includes(name)) : probeKinds
  return kinds.flatMap((kind, i) => {
    const every = probeLayouts(entry.block, isLong(entry) && i === 0).filter(({ many }) => !many || i === 0)
    const layouts = every.slice(0, part?.layouts)
    const calls = layouts.map(({ name, layout }) => ({
      name: `${kind.name}, ${name}`,
      fn: entry.fn,
      layout,
      inputs: {
        ...entry.scalars,
        ...Object.fromEntries(
          entry.fn.inputs.map((input) => [input, probeInput(input, kind, layout, entry.points)]),
        ),
      },
    }))
    return [{ entry, calls, expected: evaluate(calls, 'f32'), finite: kind.finite }]
  })
}

/** What is left to say of one cell. */
class Tally {
  values = 0
  worst = 0
  off = 0
  where: string | undefined
  error: string | undefined

  compare(found: Float32Array, expected: Float64Array, where: string, range?: Range): void {
    if (found.length !== expected.length) {
      this.error ??= `${where}: ${found.length} values, expected ${expected.length}`
      return
    }
    this.values += found.length
    for (let i = 0; i < found.length; i++) {
      if (Object.is(found[i], expected[i])) continue
      const text = (): string => `${where}[${i}]: ${found[i]}, the evaluation gives ${expected[i]}`
      // Zeros of different sign are the closest that two different bit patterns can be.
      const distance = Math.max(1, ulpDistance(found[i]!, expected[i]!))
      if (range && inRange(range, i, found[i]!)) {
        // Beside a jump any distance may be right: what counts is the distance where both are on one side.
        if (distance < 1e4) this.worst = Math.max(this.worst, distance)
        continue
      }
      this.off++
      if (distance <= this.worst && this.where !== undefined) continue
      this.worst = distance
      this.where = text()
    }
  }
}

/** Hand a call's arrays to an executor. */
function given<A>({ executor, inPlace }: MatrixExecutor, call: ProbeCall): LaneCall<A> {
  const own = executor as Executor<A>
  const inputs = Object.fromEntries(
    Object.entries(call.inputs).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : own.upload(value, [value.length]),
    ]),
  )
  const { outputs } = trace(call.fn)
  const into = Object.fromEntries(
    Object.entries(inputs).filter(
      (pair): pair is [string, Awaited<A> & A] =>
        typeof pair[1] !== 'number' && outputs[pair[0]]?.rate === 'element',
    ),
  )
  return { fn: call.fn, inputs, layout: call.layout, ...(inPlace ? { into } : {}) }
}

/** Run calls as one and compare. */
async function compareRuns(
  column: MatrixExecutor,
  runs: readonly ProbeRun[],
  tallies: ReadonlyMap<LaneEntry, Tally>,
): Promise<void> {
  const calls = runs.flatMap((run) =>
    run.calls.map((call, i) => ({ call, i, run, entry: run.entry, expected: run.expected[i]! })),
  )
  const ranges = new Map(
    column.errors ? runs.map((run) => [run, reachableValues(run.calls, column.errors)] as const) : [],
  )
  await column.begin?.()
  const found = column.executor.lanes(calls.map(({ call }) => given<unknown>(column, call)))
  for (const [n, { call, i, run, entry, expected }] of calls.entries()) {
    for (const [name, values] of Object.entries(expected)) {
      const array = await column.executor.read(found[n]![name])
      tallies.get(entry)!.compare(array, values, `${call.name}, ${name}`, ranges.get(run)?.[i]?.[name])
    }
  }
  column.end?.()
}

/** The functions that get a long block too: one of each family, as the evaluation takes long. */
const isLong = (entry: LaneEntry): boolean =>
  /^core\/|^formats\/(int4|nvfp4)\/(cast|variance)$|^optim\/(adamw|clip|penalty|smoothing)|int4, one scale/.test(
    entry.name,
  )

/** Run every function on every executor; the evaluation runs once a function. */
export async function runMatrix(
  entries: readonly LaneEntry[],
  columns: readonly MatrixExecutor[],
): Promise<readonly MatrixCell[]> {
  const tallies = columns.map(() => new Map(entries.map((entry) => [entry, new Tally()])))
  const later: ProbeRun[] = []
  for (const entry of entries) {
    const mine = columns.filter(({ only }) => only?.(entry) ?? true)
    const full = mine.some(({ light }) => !light)
      ? probeRuns(entry, entry.brief ? briefProbes : undefined)
      : []
    const light = mine.some((column) => column.light) ? probeRuns(entry, lightProbes) : []
    const apart = totalsOf(trace(entry.fn)).length > 0
    if (!apart) later.push(...full)
    for (const [c, column] of columns.entries()) {
      if ((column.together && !apart) || !(column.only?.(entry) ?? true)) continue
      for (const run of column.light ? light : full) {
        if (column.errors && !run.finite) continue
        try {
          await compareRuns(column, [run], tallies[c]!)
        } catch (error) {
          tallies[c]!.get(entry)!.error ??= messageOf(error)
        }
      }
    }
  }
  for (const [c, column] of columns.entries()) {
    const mine = later.filter(({ entry }) => column.only?.(entry) ?? true)
    if (column.together) await compareRuns(column, mine, tallies[c]!)
  }
  return columns.flatMap((column, c) =>
    entries
      .filter((entry) => column.only?.(entry) ?? true)
      .map((entry): MatrixCell => {
        const { values, worst, off, where, error } = tallies[c]!.get(entry)!
        return {
          entry: entry.name,
          executor: column.name,
          values,
          worst,
          off,
          ...(where === undefined ? {} : { where }),
          ...(error === undefined ? {} : { error }),
        }
      }),
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
