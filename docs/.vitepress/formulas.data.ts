// Formulas of the pages, written from the graphs that run. Comes in: lane functions. Goes out: HTML by name.

import { castNearest, texOf } from '@lotion/core'
import { int4 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { smoothingPenalty } from '@lotion/optim'
import katex from 'katex'

const formulas = {
  penalty: texOf(smoothingPenalty(int4, randomizedRounding), {
    symbols: { fisher: 'F', penalty: '\\Omega' },
  }),
  cast: texOf(castNearest(int4)),
}

/** HTML by name. */
export type Formulas = Readonly<Record<keyof typeof formulas, string>>

declare const data: Formulas
export { data }

export default {
  load: (): Formulas =>
    Object.fromEntries(
      Object.entries(formulas).map(([name, tex]) => [
        name,
        katex.renderToString(`\\begin{aligned}\n${tex}\n\\end{aligned}`, {
          displayMode: true,
          strict: 'error',
        }),
      ]),
    ) as Formulas,
}
