// Targets that do not count. Comes in: targets. Goes out: how many count. Source: PyTorch's cross_entropy,
// ignore_index −100.

/** The target that counts nothing. */
export const IGNORED = -100

/** Count the terms of the mean. */
export const counted = (targets: ArrayLike<number>): number =>
  Array.from(targets).filter((target) => target !== IGNORED).length
