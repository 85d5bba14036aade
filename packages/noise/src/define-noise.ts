// Noises from their exact law: outcomes with their masses. Comes in: atoms or formulas. Goes out: a noise.
// Source: docs/design/03-formats-and-methods.md.

import type { Atom, Lane, Noise, Site } from '@lotion/core'

/** What an author writes: a name, claims, and either the atoms or both formulas. */
export type NoiseDefinition = Pick<Noise, 'name' | 'claims'> &
  (Required<Pick<Noise, 'atoms'>> & Partial<Pick<Noise, 'variance' | 'sample'>> | (Required<Pick<Noise, 'variance' | 'sample'>> & { atoms?: never }))

/**
 * Make a noise. From atoms q_j with masses p_j follow the variance Σ p_j (q_j − x)² and the sampler, the inverse of the
 * distribution function. Atoms may divide by hi − lo: on a grid point they are given the cell above it, and beyond the
 * ends of the grid, where only one point is left, a cell of width 1 of which they keep the lower end.
 */
export function defineNoise(definition: NoiseDefinition): Noise {
  const { name, claims } = definition
  if (!definition.atoms) return Object.freeze({ name, claims: Object.freeze({ ...claims }), variance: definition.variance, sample: definition.sample })
  const atoms = (at: Site): readonly Atom[] => definition.atoms(regular(at))
  return Object.freeze({
    name,
    claims: Object.freeze({ ...claims }),
    atoms,
    variance: definition.variance ?? ((at: Site) => meanSquare(atoms(at), at)),
    sample: definition.sample ?? ((at: Site, u: Lane) => inverse(atoms(at), u)),
  })
}

/** A site whose cell is never empty. */
function regular(at: Site): Site {
  const { x, lo, hi, above } = at
  const wide = lo.less(hi, hi, lo.less(above, above, lo.add(1)))
  return { ...at, x: x.max(lo).min(wide), hi: wide, above: wide.max(above) }
}

function meanSquare(atoms: readonly Atom[], at: Site): Lane {
  const terms = atoms.map(({ value, mass }) => mass.mul(value.sub(at.x)).mul(value.sub(at.x)))
  return terms.reduce((sum, term) => sum.add(term))
}

function inverse(atoms: readonly Atom[], u: Lane): Lane {
  const last = atoms.length - 1
  let below = atoms[0]!.mass
  const edges = atoms.map(({ mass }, j) => (j === 0 ? below : (below = below.add(mass))))
  let outcome = atoms[last]!.value
  for (let j = last - 1; j >= 0; j--) outcome = u.less(edges[j]!, atoms[j]!.value, outcome)
  return outcome
}
