// Formulas of the pages, written from the graphs that run. Comes in: plug-ins. Goes out: HTML by name.

import { int4 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { display, legend } from '../../scripts/formula-html.mjs'
import { penaltyFormula } from '../../scripts/formula-penalty.mjs'

const formulas = { penalty: penaltyFormula(int4, randomizedRounding) }

/** A formula and what its symbols mean, by name. */
export type Formulas = Readonly<
  Record<keyof typeof formulas, { readonly formula: string; readonly legend: string }>
>

declare const data: Formulas
export { data }

export default {
  load: (): Formulas => ({
    penalty: { formula: display(formulas.penalty.tex), legend: legend(formulas.penalty.where) },
  }),
}
