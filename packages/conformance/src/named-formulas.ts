// Formulas of plugins under their names. Comes in: a plugin. Goes out: the same, whose formulas throw errors
// that name the plugin and the member, and what a formula may use; they are told to authors, who verify, and
// weigh nothing where plugins are used.

import type {
  FisherEstimator,
  Lane,
  Noise,
  NumberFormat,
  Site,
  StepLanes,
  Transformation,
} from '@lotion/core'
import { refuseUnknownKeys, shownValue } from '@lotion/core/internal'
import { noiseClaims } from '@lotion/noise/internal'

const SITE = 'x, below, lo, hi, above, even'

const OPERATIONS =
  'add, sub, mul, div, min, max, abs, sqrt, floor, binade, less; over many weights blockMax, blockSum, tensorMax, tensorSum, total'

/** What JavaScript says of a name that is not there, in the words of its several engines. */
const native = /^operand: |is not a function|undefined|is not an object|is not iterable|null/

/** What was thrown at first, by what is thrown instead. */
const roots = new WeakMap<Error, string>()

/** What was thrown at first: one mistake may fail in several formulas. */
export const rootOf = (error: Error): string => roots.get(error) ?? error.message

/** Run a formula. @throws what it throws, after whose it is; of a name that is not there, with what is. */
function formed<R>(name: string, member: string, given: string, formula: () => R): R {
  try {
    return formula()
  } catch (error) {
    if (!(error instanceof TypeError) || roots.has(error)) throw error
    const { message } = error
    if ([name, `fisher '${name}'`].some((start) => message.startsWith(start))) throw error
    const advice = native.test(message) ? `; the formula is given ${given}; a lane has ${OPERATIONS}` : ''
    const told = new TypeError(`${name}: ${member}: ${message}${advice}`)
    roots.set(told, message)
    throw told
  }
}

/** @throws TypeError unless a formula made a lane: what was found, and how a number is written. */
function laneOf(what: string, value: unknown): Lane {
  if (typeof value === 'object' && value !== null && 'node' in value && 'mul' in value) return value as Lane
  const number = typeof value === 'number' && !Number.isNaN(value)
  const found = number
    ? `the number ${value}; of a lane x, x.mul(0).add(${value}) is that number at every weight`
    : shownValue(value)
  throw new TypeError(`${what}: expected a lane, found ${found}`)
}

/** @throws TypeError unless a formula returned a record (a `list` where that is so): what to do about it. */
function returned<R>(what: string, expected: string, value: R, list = false): R {
  if (typeof value === 'object' && value !== null && Array.isArray(value) === list) return value
  const advice = value === undefined ? '; write `return`, or parentheses around `=> ({ … })`' : ''
  throw new TypeError(`${what}: expected ${expected}, found ${shownValue(value)}${advice}`)
}

/**
 * A noise; the mistake of its atoms is told of them, not of the variance and the sample that follow.
 * @throws TypeError if its claims have a key that is unknown: a claim that nobody would check.
 */
export function namedNoise(noise: Noise): Noise {
  const { name } = noise
  refuseUnknownKeys(`${name}: claims`, noise.claims, noiseClaims)
  const atoms =
    noise.atoms &&
    ((at: Site) =>
      returned(
        `${name}: atoms`,
        'a list of outcomes',
        formed(name, 'atoms', SITE, () => noise.atoms!(at)),
        true,
      ).map((outcome, j) => {
        const { value, mass } = returned(`${name}: atoms: outcome ${j + 1}`, '{ value, mass }', outcome)
        return {
          value: laneOf(`${name}: atoms: value of outcome ${j + 1}`, value),
          mass: laneOf(`${name}: atoms: mass of outcome ${j + 1}`, mass),
        }
      }))
  const one =
    <A extends readonly unknown[]>(member: string, formula: (at: Site, ...rest: A) => Lane) =>
    (at: Site, ...rest: A): Lane => {
      atoms?.(at)
      const given = rest.length > 0 ? `${SITE}, then u` : SITE
      return laneOf(
        `${name}: ${member}`,
        formed(name, member, given, () => formula(at, ...rest)),
      )
    }
  return {
    ...noise,
    ...(atoms && { atoms }),
    variance: one('variance', (at) => noise.variance(at)),
    sample: one('sample', (at, u: Lane) => noise.sample(at, u)),
  }
}

/** What a scale rule and its claims may have. */
const ruleNames = {
  name: true,
  claims: true,
  bits: true,
  stored: true,
  tensorBits: true,
  reach: true,
  scaled: true,
}
const ruleClaims = { continuous: true, saturates: true, signed: true, repeats: true, isExact: true }

/**
 * A format: its scale rule and its grid.
 * @throws TypeError if the rule or its claims have a key that is unknown: a claim that nobody would check.
 */
export function namedFormat(format: NumberFormat): NumberFormat {
  const { scale, grid } = format
  const { name } = format
  refuseUnknownKeys(`${name}: scale`, scale, ruleNames)
  refuseUnknownKeys(`${name}: scale: claims`, scale.claims, ruleClaims)
  const [rule, points] = [`scale rule '${scale.name}'`, `grid '${grid.name}'`]
  return {
    ...format,
    scale: {
      ...scale,
      scaled: (w, on) => {
        const made = returned(
          `${name}: ${rule}`,
          '{ x, scale, statistics }',
          formed(name, rule, 'w, then the grid', () => scale.scaled(w, on)),
        )
        return {
          ...made,
          x: laneOf(`${name}: ${rule}: x`, made.x),
          scale: laneOf(`${name}: ${rule}: scale`, made.scale),
        }
      },
    },
    grid: {
      ...grid,
      around: (x, isBounded) => {
        const site = returned(
          `${name}: ${points}`,
          `{ ${SITE} }`,
          formed(name, points, 'x, then isBounded', () => grid.around(x, isBounded)),
        )
        for (const key of ['x', 'below', 'lo', 'hi', 'above', 'even'] as const)
          laneOf(`${name}: ${points}: ${key}`, site[key])
        return site
      },
    },
  }
}

/** A formula of a step, called as a member of the part: in a chain that is one of another name. */
type Formula<R> = (part: unknown, x: StepLanes) => R

/** A formula that makes lanes by name. */
function lanes<R extends StepLanes>(name: string, member: string, formula: Formula<R>) {
  return function (this: unknown, x: StepLanes): R {
    const given = Object.keys(x).join(', ')
    const made = returned(
      `${name}: ${member}`,
      'lanes by name',
      formed(name, member, given, () => formula(this, x)),
    )
    for (const [key, value] of Object.entries<unknown>(made))
      if (value !== undefined) laneOf(`${name}: ${member}: ${key}`, value)
    return made
  }
}

/** A formula that makes one lane. */
function lane(name: string, member: string, formula: Formula<Lane>) {
  return function (this: unknown, x: StepLanes): Lane {
    const made = formed(name, member, Object.keys(x).join(', '), () => formula(this, x))
    return laneOf(`${name}: ${member}`, made)
  }
}

/** An estimator. */
export function namedFisher(fisher: FisherEstimator): FisherEstimator {
  const { name, present } = fisher
  return {
    ...fisher,
    observe: lanes(name, 'observe', (own, x) => fisher.observe.call(own, x)),
    diagonal: lane(name, 'diagonal', (own, x) => fisher.diagonal.call(own, x)),
    ...(present && { present: lane(name, 'present', (own, x) => present.call(own, x)) }),
  }
}

/** A transformation. */
export function namedTransformation(part: Transformation): Transformation {
  const { name, penalty } = part
  return {
    ...part,
    update: lanes(name, 'update', (own, x) => part.update.call(own, x)),
    ...(penalty && {
      penalty(x, of) {
        return lane(name, 'penalty', (own, lanes) => penalty.call(own, lanes, of)).call(this, x)
      },
    }),
  }
}
