// Runs the comparison on two seeds and holds it to what the README and docs/design/05-smooth-noises.md say.
import { ok } from 'node:assert'

process.argv.push('--seeds', '2')
const { rows } = await import('./main.js')
const nearest = (name: string): number => rows[name]!.nearest.mean
const randomized = (name: string): number => rows[name]!.randomized.mean

// Statement 2: the smooth, preserving law holds weights at the first grid points that they meet.
ok(nearest('smoothstep, its whole smoothed loss') > 5 * nearest('PTQ'))
// Statement 3: a constant width misses the minima by O(width), and annealing it away restores them.
ok(
  randomized('dithered(0.1)') < randomized('dithered(0.3)') &&
    randomized('dithered(0.3)') < randomized('dithered(1)'),
)
ok(randomized('dithered, width 1 → 0') < randomized('dithered(1)') / 2)
// Noises that leave the grid do not bring weights there.
ok(randomized('uniformDither') > 2 * randomized('randomizedRounding'))
