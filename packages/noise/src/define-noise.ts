// Noises from their exact law: outcomes with their masses. Comes in: atoms or formulas. Goes out: a noise.
// Source: docs/design/03-formats-and-methods.md.

import type { Atom, Lane, Noise, Site } from '@lotion/core'
import { checkRecord, refuseUnknownKeys } from '@lotion/core/internal'
import { noiseClaims } from './noise-claims.js'

/** What an author writes: a name, claims, and either the atoms or both formulas. */
export type NoiseDefinition = Pick<Noise, 'name' | 'claims'> &
  (
    | (Required<Pick<Noise, 'atoms'>> & Partial<Pick<Noise, 'variance' | 'sample'>>)
    | (Required<Pick<Noise, 'variance' | 'sample'>> & {
        /** None: a law of infinitely many outcomes has no list of them. */
        atoms?: never
      })
  )

/**
 * Make a noise. From atoms q_j with masses p_j follow the variance Σ p_j (q_j − x)² and the sampler, the
 * inverse of the distribution function. Atoms may divide by hi − lo: where lo = hi they see x moved onto that
 * point and the cell above it, or below it at the top of the grid. Where a preserving law is at a grid point
 * or beyond the ends, its variance is (lo − x)², so that its slope is 0 on the grid.
 * @param definition Name, claims, and atoms; without atoms, variance and sampler instead.
 * @throws TypeError if a key or a claim is unknown, or a member is not of its type.
 * @example
 * ```ts
 * import { defineNoise } from '@lotion/noise'
 *
 * const coin = defineNoise({
 *   name: 'coin',
 *   claims: { unbiased: false, continuous: false, preserving: false },
 *   atoms: ({ x, lo, hi }) => {
 *     const half = x.mul(0).add(0.5)
 *     return [
 *       { value: lo, mass: half },
 *       { value: hi, mass: half },
 *     ]
 *   },
 * })
 * console.log(coin.name)
 * ```
 */
export function defineNoise(definition: NoiseDefinition): Noise {
  const formula = definition?.atoms === undefined ? 'function' : 'function or undefined'
  checkRecord('defineNoise', definition, {
    name: 'string',
    claims: 'object',
    atoms: 'function or undefined',
    variance: formula,
    sample: formula,
  })
  const { name, claims } = definition
  refuseUnknownKeys(`${name}: claims`, claims, noiseClaims)
  if (!definition.atoms)
    return Object.freeze({
      name,
      claims: Object.freeze({ ...claims }),
      variance: definition.variance,
      sample: definition.sample,
    })
  const atoms = (at: Site): readonly Atom[] => definition.atoms(regular(at))
  return Object.freeze({
    name,
    claims: Object.freeze({ ...claims }),
    atoms,
    variance: definition.variance ?? ((at: Site) => spread(atoms(at), at, claims.preserving)),
    sample: definition.sample ?? ((at: Site, u: Lane) => inverse(atoms(at), u)),
  })
}

/** A site whose cell is never empty and contains x. Grid points only, outcomes of mass 0 included. */
function regular(at: Site): Site {
  const { cell: _old, ...site } = at
  const { x, below, lo, hi, above } = site
  const top = lo.less(above, lo, below)
  return { ...site, x: x.max(lo).min(hi), lo: lo.less(hi, lo, top), hi: lo.less(hi, hi, above) }
}

function spread(atoms: readonly Atom[], { x, lo, hi }: Site, preserving: boolean): Lane {
  const squares = atoms.map(({ value, mass }) => mass.mul(value.sub(x)).mul(value.sub(x)))
  const mean = squares.reduce((sum, square) => sum.add(square))
  const off = lo.sub(x)
  return preserving ? lo.less(hi, mean, off.mul(off)) : mean
}

function inverse(atoms: readonly Atom[], u: Lane): Lane {
  const last = atoms.length - 1
  let below = atoms[0]!.mass
  const edges = atoms.map(({ mass }, j) => (j === 0 ? below : (below = below.add(mass))))
  let outcome = atoms[last]!.value
  for (let j = last - 1; j >= 0; j--) outcome = u.less(edges[j]!, atoms[j]!.value, outcome)
  return outcome
}
