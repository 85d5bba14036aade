// Tests of what a release may raise, on plans as changesets makes them.
import { describe, expect, it } from 'vitest'
import { excesses, largestBump, raised } from './version-plan.mjs'

type Bump = 'none' | 'patch' | 'minor' | 'major'
const plan = (written: readonly Bump[], type: Bump, oldVersion: string, newVersion: string) => ({
  changesets: written.map((bump) => ({ releases: [{ name: '@lotion/core', type: bump }] })),
  releases: [{ name: '@lotion/core', type, oldVersion, newVersion }],
})

describe('raised', () => {
  it('is what semver says', () => {
    expect((['none', 'patch', 'minor', 'major'] as const).map((bump) => raised('1.2.3', bump))).toEqual([
      '1.2.3',
      '1.2.4',
      '1.3.0',
      '2.0.0',
    ])
    expect(() => raised('1.2.3-beta.1', 'minor')).toThrow(
      'version: found 1.2.3-beta.1, expected three numbers',
    )
  })
})

describe('excesses', () => {
  it('takes what the changesets ask for', () => {
    expect(largestBump(plan(['patch', 'minor', 'none'], 'minor', '0.0.0', '0.1.0'))).toBe('minor')
    expect(excesses(plan(['patch', 'minor'], 'minor', '0.0.0', '0.1.0'))).toEqual([])
    expect(excesses(plan(['major'], 'major', '0.2.0', '1.0.0'))).toEqual([])
  })

  it('refuses a major of minors alone, and a version that does not follow', () => {
    expect(excesses(plan(['minor'], 'major', '0.0.0', '1.0.0'))).toEqual([
      '@lotion/core 0.0.0: would become 1.0.0 (major), expected 0.1.0: the largest bump in .changeset is minor',
    ])
    expect(excesses(plan(['patch'], 'minor', '1.0.0', '1.1.0'))).toHaveLength(1)
  })
})
