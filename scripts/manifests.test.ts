// Tests of the rules on manifests, on made-up ones and on ours.
import { describe, expect, it } from 'vitest'
import {
  manifestOf,
  manifestsOfMembers,
  missingAddresses,
  problemsOfManifests,
  sharedFields,
} from './manifests.mjs'

const top = { license: 'Apache-2.0', engines: { node: '>=20.19.0' } }
const good = { ...top, publishConfig: { access: 'public' } }
const addresses = {
  repository: { type: 'git', url: 'git+https://example.org/lotion.git' },
  homepage: 'https://example.org/lotion',
  bugs: { url: 'https://example.org/lotion/issues' },
}
const problems = (manifest: object, root: object = top) =>
  problemsOfManifests(root, [['packages/a', { ...good, ...manifest }]])

describe('problemsOfManifests', () => {
  it('finds none in ours', () => {
    expect(problemsOfManifests(manifestOf('.'), manifestsOfMembers())).toEqual([])
  })

  it('asks for the engines, the licence and the access of all', () => {
    const fix = ': npm run manifests writes it'
    expect(problems({ engines: { node: '>=20' } })).toEqual([
      `packages/a engines.node: found ">=20", expected ">=20.19.0"${fix}`,
    ])
    expect(problems({ license: 'MIT' })).toEqual([
      `packages/a license: found "MIT", expected "Apache-2.0"${fix}`,
    ])
    expect(problemsOfManifests(top, [['packages/gpu', good]])).toEqual([
      `packages/gpu license: found "Apache-2.0", expected "Apache-2.0 AND MIT"${fix}`,
    ])
    expect(problems({ publishConfig: {} })).toEqual([
      'packages/a publishConfig.access: found nothing, expected "public"',
    ])
  })

  it('asks of a private member for the engines alone', () => {
    expect(problems({ private: true, license: 'MIT', publishConfig: {} })).toEqual([])
    expect(problems({ private: true, engines: {} })).toHaveLength(1)
  })

  it('asks for the addresses of the root, with the folder, and for none where it has none', () => {
    const root = { ...top, ...addresses }
    expect(problems({}, root)).toHaveLength(3)
    const shared = sharedFields(root, 'packages/a')
    expect(shared.repository).toEqual({ ...addresses.repository, directory: 'packages/a' })
    expect(problems(shared, root)).toEqual([])
    expect(problems(shared)).toHaveLength(3)
    expect(problems({ ...shared, bugs: { url: 'https://example.com' } }, root)).toHaveLength(1)
  })

  it('refuses an exact version of what a library needs, and a range of a tool', () => {
    expect(problems({ dependencies: { zod: '4.6.7' } })).toEqual([
      'packages/a zod: found 4.6.7, expected a caret range, ^1.2.3',
    ])
    expect(problems({ dependencies: { zod: '^4.6.7', '@lotion/core': 'workspace:^' } })).toEqual([])
    expect(problems({ dependencies: { '@lotion/core': 'workspace:*' } })).toHaveLength(1)
    expect(problems({}, { ...top, devDependencies: { vitest: '^4.0.0' } })).toEqual([
      'package.json vitest: found ^4.0.0, expected an exact version of a tool',
    ])
  })

  it('refuses a peer of our own', () => {
    expect(problems({ peerDependencies: { '@lotion/gpu': 'workspace:^' } })).toEqual([
      'packages/a @lotion/gpu: a peer, expected a dependency: changesets makes a major of each peer',
    ])
    expect(problems({ peerDependencies: { vitest: '>=2' } })).toEqual([])
  })
})

describe('the root', () => {
  it('has every peer of the packages, so that a file of a user that `npm run try` runs finds them', () => {
    const { devDependencies = {} } = manifestOf('.')
    const peers = manifestsOfMembers().flatMap(([, manifest]) => Object.keys(manifest.peerDependencies ?? {}))
    expect(peers.length).toBeGreaterThan(0)
    expect(peers.filter((peer) => !Object.hasOwn(devDependencies, peer))).toEqual([])
  })
})

describe('missingAddresses', () => {
  it('names what the root does not tell', () => {
    expect(missingAddresses({ repository: { url: '' }, homepage: '' })).toEqual([
      'repository.url',
      'homepage',
      'bugs.url',
    ])
    expect(missingAddresses(addresses)).toEqual([])
  })
})
