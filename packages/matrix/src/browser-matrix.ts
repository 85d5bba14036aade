// The matrix where a bundle of this file runs: a page or a worker. Comes in: which functions. Goes out: what ran where, and
// how far off. Source: scripts/browser.mjs makes the pages.

import { cpuExecutor } from '@lotion/cpu'
import { laneFunctions, type LaneEntry } from './lane-functions.js'
import { isOff, runMatrix, type MatrixExecutor } from './run-matrix.js'

/** One executor in one place. */
export interface BrowserResult {
  readonly executor: string
  /** Where formulas ran, and why not faster. */
  readonly ran: string
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
}

const SOME =
  /^core\/|^formats\/(int4|mxfp4)\/|^noise\/dithered\(0\.3\)\/int4|^fisher\/|^optim\/(clip|adamw)|adamw\/(int4|nvfp4)$/

const some = ({ name }: LaneEntry): boolean => SOME.test(name)

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
  options: Parameters<typeof cpuExecutor>[0],
  inPlace: boolean,
): BrowserColumn {
  const executor = cpuExecutor(options)
  return {
    name,
    executor,
    inPlace,
    ran: () => {
      const { backend, threads, reasons } = executor.report()
      return [`${backend}, ${threads === 1 ? '1 thread' : `${threads} threads`}`, ...reasons].join('; ')
    },
  }
}

/** Run the matrix here, on the executor as it comes and, if asked for, without WebAssembly. */
export function browserMatrix(
  amount: BrowserAmount,
  withoutWasm: boolean,
): Promise<readonly BrowserResult[]> {
  const columns = [
    cpuColumn('cpu', {}, true),
    ...(withoutWasm ? [cpuColumn('cpu, wasm: false', { wasm: false }, false)] : []),
  ]
  return runColumns(columns.map((column) => (amount === 'all' ? column : { ...column, only: some })))
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
