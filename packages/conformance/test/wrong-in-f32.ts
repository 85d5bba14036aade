// Plugins that are one in f64 and another in f32, for tests. Comes in: a right and a wrong plugin. Goes out:
// one that is wrong in f32.
import type { Lane, Noise, NumberFormat, Site } from '@lotion/core'

/** The right lane in f64, the wrong one in f32: there 2^24 + 1 is 2^24. */
function choose(right: Lane, wrong: Lane): Lane {
  const lost = right
    .less(right, 0, 0)
    .add(2 ** 24)
    .add(1)
    .sub(2 ** 24)
  return lost.less(0.5, wrong, right)
}

/** A noise by the formulas of one in f64 and of the other in f32; with atoms if both have as many. */
export function noiseWrongInF32(right: Noise, wrong: Noise): Noise {
  return {
    ...wrong,
    ...(right.atoms && wrong.atoms
      ? {
          atoms: (at: Site) => {
            const other = wrong.atoms!(at)
            return right.atoms!(at).map(({ value, mass }, j) => ({
              value: choose(value, other[j]!.value),
              mass: choose(mass, other[j]!.mass),
            }))
          },
        }
      : {}),
    variance: (at) => choose(right.variance(at), wrong.variance(at)),
    sample: (at, u) => choose(right.sample(at, u), wrong.sample(at, u)),
  }
}

/** A format by the grid and scale of one in f64 and of the other in f32. */
export function formatWrongInF32(right: NumberFormat, wrong: NumberFormat): NumberFormat {
  return {
    ...wrong,
    grid: {
      ...wrong.grid,
      around: (x, isBounded) => {
        const [good, bad] = [right.grid.around(x, isBounded), wrong.grid.around(x, isBounded)]
        return {
          x: choose(good.x, bad.x),
          below: choose(good.below, bad.below),
          lo: choose(good.lo, bad.lo),
          hi: choose(good.hi, bad.hi),
          above: choose(good.above, bad.above),
          even: choose(good.even, bad.even),
          ...(good.cell && bad.cell
            ? {
                cell: {
                  offset: choose(good.cell.offset, bad.cell.offset),
                  gap: choose(good.cell.gap, bad.cell.gap),
                  isInside: bad.cell.isInside,
                },
              }
            : {}),
        }
      },
    },
    scale: {
      ...wrong.scale,
      scaled: (w, grid) => {
        const [good, bad] = [right.scale.scaled(w, grid), wrong.scale.scaled(w, grid)]
        return { x: choose(good.x, bad.x), scale: choose(good.scale, bad.scale), statistics: good.statistics }
      },
    },
  }
}
