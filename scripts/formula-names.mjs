// What the names in formulas are written as, and mean. Comes in: a formula's graph and TeX. Goes out: a
// sentence for each symbol that stands in it; an error for one without a meaning.
import { trace } from '@lotion/core'

/**
 * TeX and meaning by name of an input, a scalar, a number or an output.
 * @type {Readonly<Record<string, readonly [string, string]>>}
 */
const names = {
  w: ['w', 'the weight'],
  x: ['x', 'the weight in units of its scale'],
  scale: ['s', "the block's scale"],
  amax: ['A', 'the largest magnitude in the block'],
  tensorMax: ['M', 'the largest magnitude in the tensor'],
  top: ['Q', 'the largest point of the grid'],
  bottom: ['P', 'the smallest point of the grid'],
  gap: ['\\delta', 'the distance of the two largest points of the grid'],
  lo: ['a', 'the point of the grid at or below x'],
  hi: ['b', 'the point at or above x'],
  below: ['a_{-}', 'the point below a'],
  above: ['b_{+}', 'the point above b'],
  even: ['e', 'the one of a and b with the even code'],
  u: ['u', 'a uniform number in [0, 1)'],
  sample: ['q', 'the rounded weight, in units of its scale'],
  variance: ['\\sigma^2', 'the mean squared error of random rounding, in units of the scale squared'],
  weightVariance: ['\\sigma^2', 'the mean squared error of a cast of w'],
  value: ['k', 'the point of the grid that is stored'],
  tensorScale: ['S', 'the scale of the tensor, 1 where there is none'],
  energy: ['\\mathrm{energy}', 'the sum of squared weights'],
  error: ['\\mathrm{error}', 'the sum of squared errors of the nearest casts'],
  randomizedError: [
    '\\mathrm{randomizedError}',
    'the sum of squared errors that randomized casts have in the mean',
  ],
  size: ['\\mathrm{size}', 'the sum of magnitudes'],
  bias: ['\\mathrm{bias}', 'the sum of what randomized casts are off in the mean'],
  saturated: ['\\mathrm{saturated}', '1 for a block with a weight beyond the ends of the grid'],
  cast: ['\\hat{w}', 'the cast weight'],
  fisher: ['F', 'the curvature'],
  diagonal: ['F', 'the curvature'],
  curvature: ['h', 'the curvature that the engine delivers'],
  squares: ['r', 'the running mean of n g²'],
  fresh: ['\\varphi', 'the share of the newest step, 1 − beta'],
  unbias: ['c', 'the correction for a mean that started at 0'],
  seen: ['\\psi', 'how much of its final size v has reached'],
  gradient: ['g', 'the gradient of the loss'],
  update: [
    '\\Delta',
    'what the parts of a chain hand on: the gradient, to the first; what is added to w, from an optimizer',
  ],
  point: ['\\hat{w}', 'where the gradient is taken'],
  penalty: ['\\Omega', 'the term that is added to the loss'],
  lambda: ['\\lambda', 'the strength of the penalty'],
  bound: ['B', 'the bound that the block is clipped at, trained beside the weights'],
  strength: ['\\lambda', 'the strength of the pull, 0 in the first part of the run'],
  rate: ['\\eta', 'the learning rate'],
  sampledGradient: ['\\hat{g}', 'the gradient with labels drawn from the model'],
  perExampleSquare: ['g_2', 'the mean square of gradients of single examples'],
  hessianProbe: ['p', 'a probe of the diagonal of the Hessian'],
  probes: ['P', 'the average of probes of the Hessian'],
  everywhere: ['F_0', 'the curvature of every weight'],
  terms: ['n', 'the number of loss terms averaged in the gradient'],
  m: ['m', 'the running mean of the gradient'],
  v: ['v', 'the running mean of the squared gradient'],
  z: ['z', 'the weights that the steps are added to'],
  weight: ['c', 'the share of the step in the average of all z'],
  gamma: ['\\gamma', 'the factor of the curvature'],
  clipThreshold: ['\\rho', 'the bound of a step'],
  velocity: ['m', 'the running sum of gradients'],
  unbias1: ['c_1', 'the correction of m, which started at 0'],
  unbias2: ['c_2', 'the correction of v, which started at 0'],
  momentum: ['\\mu', 'the momentum'],
  beta1: ['\\beta_1', 'the memory of m'],
  beta2: ['\\beta_2', 'the memory of v'],
  epsilon: ['\\varepsilon', 'epsilon'],
  weightDecay: ['\\omega', 'the weight decay, of matrices'],
  deviation: ['d', 'the deviation of the noise, in steps of the grid'],
  width: ['d', 'the width of the noise, in steps of the grid'],
  share: ['p', 'the probability of a second step, to a point beside the first'],
}

/** TeX by name. */
export const symbols = Object.fromEntries(Object.entries(names).map(([name, [tex]]) => [name, tex]))

/**
 * Say what each symbol of a formula means.
 * @param {import('@lotion/core').LaneFn} fn @param {string} tex @param {readonly string[]} own names that are
 * explained where the formula stands: the function itself and its arguments
 * @returns {readonly string[]}
 */
export function legendOf(fn, tex, own = []) {
  const { nodes, outputs } = trace(fn)
  const used = nodes.flatMap((node) => (node.kind === 'input' ? [node.name] : []))
  const all = [...new Set([...used, ...Object.keys(outputs)])]
  const unknown = all.filter((name) => !names[name] && !own.includes(name))
  if (unknown.length > 0)
    throw new Error(
      `${fn.name}: expected a meaning for each name in its formula, found none for ${unknown.join(', ')}; add it to scripts/formula-names.mjs`,
    )
  const meanings = all.flatMap((name) => (names[name] ? [`$${names[name][0]}$ is ${names[name][1]}`] : []))
  const isThere = (/** @type {string} */ name) => all.includes(name) || own.includes(name)
  const strays = all.filter((name) => !isThere('x') && /\bx\b/.test(names[name]?.[1] ?? ''))
  if (strays.length > 0)
    throw new Error(
      `${fn.name}: expected x in a formula whose legend speaks of it, found it in that of ${strays.join(', ')} alone; name it as an output`,
    )
  const signs = [
    .../** @type {const} */ ([
      ['_{B}', "$B$ is the weight's block"],
      ['_{T}', "$T$ is the weight's tensor"],
    ]).flatMap(([sign, meaning]) => (tex.includes(sign) ? [meaning] : [])),
    ...(/'/.test(tex) ? ['a prime marks the new value'] : []),
    ...(tex.includes('t_{2}') ? ['$t_1, t_2, \\dots$ are values between'] : []),
    ...(tex.includes('t_{1}') && !tex.includes('t_{2}') ? ['$t_1$ is a value between'] : []),
  ]
  return [...new Set([...meanings, ...signs])]
}
