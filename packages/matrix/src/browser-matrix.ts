// The matrix where a bundle of this file runs: a page or a worker. Comes in: which functions. Goes out: what
// ran where, and how far off. Source: scripts/browser.mjs makes the pages.

import { cpuExecutor, type CpuExecutor, type CpuExecutorOptions } from '@lotion/cpu'
import { defineLanes } from '@lotion/core'
import { awaken } from './cpu-columns.js'
import { laneFunctions, type LaneEntry } from './lane-functions.js'
import { isOff, runMatrix, type MatrixExecutor } from './run-matrix.js'

/** One executor in one place. */
export interface BrowserResult {
  readonly executor: string
  /** Where formulas ran, and why not faster. */
  readonly ran: string
  /** Pieces of work that other threads have done, if any. */
  readonly elsewhere: number
  readonly functions: number
  readonly values: number
  readonly worst: number
  /** Functions that are off. */
  readonly off: readonly string[]
  readonly seconds: number
}

/** What a place has that matters to executors. */
export interface BrowserPlace {
  readonly isolated: boolean
  readonly processors: number
  /** The adapter that WebGPU gives, if any. */
  readonly adapter: string
}

/** How much to run: all functions; or one of each family. */
export type BrowserAmount = 'all' | 'some'

/** A column of the matrix that tells where formulas ran. */
export interface BrowserColumn extends MatrixExecutor {
  ran(): string
  elsewhere?(): number
}

const someFunctions =
  /^core\/|^formats\/(int4|mxfp4)\/|^noise\/dithered\(0\.3\)\/int4|^fisher\/|^optim\/(clip|adamw)|adamw\/(int4|nvfp4)$/

const some = ({ name }: LaneEntry): boolean => someFunctions.test(name)

/** Tell what the place has. */
export async function browserPlace(): Promise<BrowserPlace> {
  const { navigator, crossOriginIsolated } = globalThis as unknown as {
    readonly crossOriginIsolated: boolean
    readonly navigator: {
      readonly hardwareConcurrency: number
      readonly gpu?: { requestAdapter(): Promise<{ info?: Readonly<Record<string, string>> } | null> }
    }
  }
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null)
  const { vendor = '', architecture = '' } = adapter?.info ?? {}
  return {
    isolated: crossOriginIsolated,
    processors: navigator.hardwareConcurrency,
    adapter: adapter ? `${vendor} ${architecture}`.trim() || 'unnamed' : 'none',
  }
}

function cpuColumn(
  name: string,
  executor: CpuExecutor,
  rest: Pick<MatrixExecutor, 'inPlace' | 'together'> = {},
): BrowserColumn {
  return {
    name,
    executor,
    ...rest,
    ran: () => {
      const { backend, threads, memories, reasons } = executor.report()
      const places = memories > 1 ? [`${memories} memories`] : []
      return [`${backend}, ${threads === 1 ? '1 thread' : `${threads} threads`}`, ...places, ...reasons].join(
        '; ',
      )
    },
    elsewhere: () => executor.report().jobs.elsewhere,
  }
}

/** More weights than an array without a neighbour reserves for another: unused address space. */
const SHARE = 2 ** 27

/** Any formula. */
const increment = defineLanes({
  name: 'increment',
  inputs: ['x'],
  outputs: ['x'],
  body: ({ x }) => ({ x: x.add(1) }),
})

/**
 * Put arrays in two memories in turns, those of a length together. The second memory is made when the threads
 * have started, and the caller does not rest until they work in it, so they have to fetch it between two
 * dispatches.
 */
function inTwoMemories(executor: CpuExecutor): CpuExecutor {
  const anchors = [SHARE, SHARE + 1].map((length) => executor.zeros([length]))
  const x = executor.zeros([2 ** 20], anchors[1])
  const { elsewhere } = executor.report().jobs
  for (let round = 0; round < 2000 && executor.report().jobs.elsewhere === elsewhere; round++)
    executor.lanes([{ fn: increment, inputs: { x }, into: { x } }])
  if (executor.report().threads > 1 && executor.report().jobs.elsewhere === elsewhere)
    throw new Error('browser matrix: expected a thread to work in the second memory, found none')
  const homes = new Map<number, Float32Array>()
  const homeOf = (length: number): Float32Array => {
    const home = homes.get(length) ?? anchors[homes.size % 2]!
    homes.set(length, home)
    return home
  }
  return { ...executor, upload: (data, shape) => executor.upload(data, shape, homeOf(data.length)) }
}

/**
 * Run the matrix here: on the executor as it comes, on two threads if there are, and, if asked for, without
 * WebAssembly.
 */
export async function browserMatrix(
  amount: BrowserAmount,
  withoutWasm: boolean,
): Promise<readonly BrowserResult[]> {
  const open = async (options: CpuExecutorOptions): Promise<CpuExecutor> => {
    const executor = cpuExecutor(options)
    await awaken({ executor })
    return executor
  }
  const [plain, two] = [await open({}), await open({ threads: 2 })]
  const together = { inPlace: true, together: true }
  const columns = [
    cpuColumn('cpu', plain, { inPlace: true }),
    ...(two.report().threads > 1
      ? [
          cpuColumn('cpu, 2 threads', two, together),
          cpuColumn('cpu, 2 threads, 2 memories', inTwoMemories(await open({ threads: 2 })), together),
        ]
      : []),
    ...(withoutWasm ? [cpuColumn('cpu, wasm: false', cpuExecutor({ wasm: false }))] : []),
  ]
  const results = await runColumns(
    columns.map((column) => (amount === 'all' ? column : { ...column, only: some })),
  )
  plain.close()
  two.close()
  return results
}

/** Run each column alone, so that its time is its own. */
export async function runColumns(columns: readonly BrowserColumn[]): Promise<readonly BrowserResult[]> {
  const results: BrowserResult[] = []
  for (const column of columns) {
    const start = performance.now()
    const cells = await runMatrix(
      laneFunctions.filter((entry) => column.only?.(entry) ?? true),
      [column],
    )
    results.push({
      executor: column.name,
      ran: column.ran(),
      elsewhere: column.elsewhere?.() ?? 0,
      functions: cells.length,
      values: cells.reduce((sum, { values }) => sum + values, 0),
      worst: Math.max(...cells.map(({ worst }) => worst)),
      off: cells
        .filter(isOff)
        .map(({ entry, worst, where, error }) => `${entry}: ${error ?? `${worst} ulp at ${where}`}`),
      seconds: (performance.now() - start) / 1000,
    })
  }
  return results
}
