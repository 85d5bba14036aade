// The matrix on a page's graphics: tfjs's backends. Comes in: nothing. Goes out: what ran where, and how far off.
// A bundle of its own: tensors are larger than all of @lotion.

import '@tensorflow/tfjs-backend-webgpu'
import { runColumns, type BrowserResult } from './browser-matrix.js'
import { tfjsColumn } from './tfjs-columns.js'

/** Run the matrix on every backend that can be set here. */
export async function deviceMatrix(): Promise<readonly BrowserResult[]> {
  const results: BrowserResult[] = []
  for (const backend of ['webgpu', 'webgl']) {
    const column = await tfjsColumn(backend)
    const { ulp = {}, flushes = false } = column.errors ?? {}
    const stated = Object.entries(ulp).map(([name, errors]) => `${name} ${errors} ulp`)
    const ran = [backend, ...stated, ...(flushes ? ['flushes'] : [])].join(', ')
    results.push(...(await runColumns([{ ...column, ran: () => ran }])))
  }
  return results
}
