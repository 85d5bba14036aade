// Composition of formulas: the result of one becomes the input of the next, in a single pass over the weights.
// Comes in: lane functions in order. Goes out: one lane function. Source: docs/design/02-lanes.md.

import { defineLanes, type Lane, type LaneFn } from './lane.js'

/**
 * Fuse lane functions: an output of an earlier one feeds the input of the same name of every later one.
 * What no earlier one makes is an input of the whole; all outputs, the latest of each name, are outputs of the whole.
 * Block reductions of all parts run over the blocks of the one call.
 * @throws if a name is one value per weight in one part and one per call in another.
 */
export function fuse(name: string, fns: readonly LaneFn[]): LaneFn {
  const inputs = new Set<string>()
  const scalars = new Set<string>()
  const made = new Set<string>()
  for (const fn of fns) {
    fn.inputs.forEach((input) => made.has(input) || inputs.add(input))
    fn.scalars.forEach((scalar) => made.has(scalar) || scalars.add(scalar))
    fn.outputs.forEach((output) => made.add(output))
  }
  const clash = [...inputs].find((input) => scalars.has(input))
  if (clash !== undefined)
    throw new TypeError(`${name}: '${clash}' is one value per weight in one part and one per call in another`)
  return defineLanes({
    name,
    inputs: [...inputs],
    scalars: [...scalars],
    outputs: [...made],
    body: (x) => {
      const known: Record<string, Lane> = { ...x }
      for (const fn of fns) Object.assign(known, apply(fn, known))
      return known
    },
  })
}

/** Run one part on what it declares: it neither sees nor changes anything else. */
function apply(fn: LaneFn, known: Readonly<Record<string, Lane>>): Record<string, Lane> {
  const result = fn.body(
    Object.fromEntries([...fn.inputs, ...fn.scalars].map((input) => [input, known[input]!])),
  )
  return Object.fromEntries(
    fn.outputs.map((output) => {
      const lane = result[output]
      if (lane === undefined)
        throw new TypeError(`${fn.name}: output '${output}' is declared but its body does not return it`)
      return [output, lane]
    }),
  )
}
