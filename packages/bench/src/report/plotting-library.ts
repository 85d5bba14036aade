// The plotting library as text. Comes in: the installed package. Goes out: its script, style and licence, to
// be put inline.
// Source: uPlot (MIT).

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The parts of the library that a page needs. */
export interface PlottingLibrary {
  readonly script: string
  readonly style: string
  readonly license: string
}

/** Read the library. @throws if it is not installed. */
export function plottingLibrary(): PlottingLibrary {
  const require = createRequire(import.meta.url)
  const text = (path: string): string => readFileSync(path, 'utf8')
  return Object.freeze({
    // The library has no such text today; a later version might, and it would end the script element.
    script: text(require.resolve('uplot/dist/uPlot.iife.min.js')).replaceAll('</script', '<\\/script'),
    style: text(require.resolve('uplot/dist/uPlot.min.css')),
    license: text(require.resolve('uplot/LICENSE')).replaceAll('*/', '* /'),
  })
}
