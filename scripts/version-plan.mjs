// What the next release would raise. Comes in: a tree with its changesets. Goes out: the largest bump that a
// changeset asks for, the versions that follow, and what exceeds them, in words.
import getReleasePlan from '@changesets/get-release-plan'

/** @typedef {'none' | 'patch' | 'minor' | 'major'} Bump */
/** @typedef {{ readonly name: string, readonly type: Bump }} Written */
/** @typedef {Written & { readonly oldVersion: string, readonly newVersion: string }} Release */
/**
 * @typedef {object} Plan as changesets makes it
 * @property {readonly { readonly releases: readonly Written[] }[]} changesets
 * @property {readonly Release[]} releases
 */

/** @type {readonly Bump[]} */
const bumps = ['none', 'patch', 'minor', 'major']

/** @param {string} tree @returns {Promise<Plan>} */
export const planOf = (tree) => getReleasePlan(tree)

/** @param {Plan} plan @returns {Bump} the largest that is written in a changeset */
export function largestBump({ changesets }) {
  const written = changesets.flatMap(({ releases }) => releases.map(({ type }) => type))
  return bumps.findLast((bump) => written.includes(bump)) ?? 'none'
}

/**
 * Raise a version as semver does.
 * @param {string} version of three numbers @param {Bump} bump @returns {string}
 */
export function raised(version, bump) {
  const numbers = version.split('.').map(Number)
  const [major = 0, minor = 0, patch = 0] = numbers
  if (numbers.length !== 3 || numbers.some((number) => !Number.isInteger(number)))
    throw new Error(`version: found ${version}, expected three numbers, such as 0.1.0`)
  if (bump === 'major') return `${major + 1}.0.0`
  if (bump === 'minor') return `${major}.${minor + 1}.0`
  return `${major}.${minor}.${patch + Number(bump === 'patch')}`
}

/**
 * List what would be raised further than its changesets ask for, which changesets does to peers.
 * @param {Plan} plan @returns {readonly string[]}
 */
export function excesses(plan) {
  const bump = largestBump(plan)
  return plan.releases
    .filter(({ type }) => type !== 'none')
    .map((release) => ({ ...release, expected: raised(release.oldVersion, bump) }))
    .filter(({ newVersion, expected }) => newVersion !== expected)
    .map(
      ({ name, oldVersion, newVersion, expected, type }) =>
        `${name} ${oldVersion}: would become ${newVersion} (${type}), expected ${expected}: the largest bump in .changeset is ${bump}`,
    )
}
