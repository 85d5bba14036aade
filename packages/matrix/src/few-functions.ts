// Which functions slow executors get. Comes in: a lane function. Goes out: whether it is among them.

import type { LaneEntry } from './lane-functions.js'

/** Enough to see that an executor is right. */
export const few = ({ name }: LaneEntry): boolean =>
  /^core\/|int4\/(cast|variance|statistics)$|adamw$/.test(name)

/**
 * For executors that are slow, the definition itself and tensors op by op: a few, and every noise with every
 * format.
 */
export const slowGet = (entry: LaneEntry): boolean =>
  few(entry) || (entry.brief === true && entry.name.endsWith('/sample'))

/** For devices, each operation a program of its own. */
export const devicesGet = ({ name }: LaneEntry): boolean =>
  /^core\/|^formats\/(int4|fp4|nvfp4)\/(cast|variance)$|^noise\/dithered\(0\.3\)\/int4|^fisher\/empirical|^optim\/(adamw|clip|lotion \+ adamw\/int4)$/.test(
    name,
  )

/** Of those, the ones that devices get in brief. */
export const devicesGetInBrief = ({ name }: LaneEntry): boolean =>
  /^core\/(div|less|tensor in blocks|total of totals)$|^formats\/int4\/cast$|^optim\/adamw$/.test(name)
