// The CPU executor in every way that it can run: columns of the matrix. Comes in: nothing. Goes out:
// executors. What a platform lacks is hidden while an executor looks for it, as it is hidden in a browser
// with a strict policy.

import { cpuExecutor, type CpuExecutor } from '@lotion/cpu'
import { slowGet } from './few-functions.js'
import type { MatrixExecutor } from './run-matrix.js'

/** A column of the matrix with its CPU executor. */
export interface CpuColumn extends MatrixExecutor {
  readonly executor: MatrixExecutor['executor'] & Pick<CpuExecutor, 'report' | 'close'>
}

/** Open an executor where a global is missing. */
function without(name: 'Function' | 'SharedArrayBuffer', open: () => CpuExecutor): CpuExecutor {
  const found = Object.getOwnPropertyDescriptor(globalThis, name)!
  const forbidden = function (): never {
    throw new EvalError('code from text is forbidden')
  }
  Object.defineProperty(globalThis, name, {
    ...found,
    value: name === 'Function' ? forbidden : undefined,
  })
  try {
    const executor = open()
    // Its memory is opened when first asked for.
    executor.report()
    return executor
  } finally {
    Object.defineProperty(globalThis, name, found)
  }
}

const column = (
  name: string,
  executor: CpuExecutor,
  rest: Pick<MatrixExecutor, 'inPlace' | 'together' | 'only'> = {},
): CpuColumn => ({ name, executor, ...rest })

/** Open every way of running on the CPU. */
export function cpuColumns(): readonly CpuColumn[] {
  return [
    column(
      'interpreter',
      without('Function', () => cpuExecutor({ wasm: false })),
      { only: slowGet },
    ),
    column('JavaScript', cpuExecutor({ wasm: false }), { inPlace: true }),
    column('wasm', cpuExecutor({ threads: 1 }), { inPlace: true }),
    column(
      'wasm, copies',
      without('SharedArrayBuffer', () => cpuExecutor()),
    ),
    column('wasm, 2 threads', cpuExecutor({ threads: 2 }), { inPlace: true, together: true }),
  ]
}

/** Wait until another thread of an executor takes part, if it has any: the first long call starts them. */
export async function awaken({ executor }: Pick<CpuColumn, 'executor'>): Promise<void> {
  for (let round = 0; round < 500; round++) {
    executor.uniforms({ seed: 0, stream: 'awake' }, 2 ** 20)
    const { threads, jobs } = executor.report()
    if (threads === 1 || jobs.elsewhere > 0) return
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
