// The whole way of a release, tried in a scratch clone of HEAD. Comes in: what is committed. Goes out: what
// was refused, raised, built, packed, published to a local registry, installed from it into an empty project
// and imported; status 1 at the first step that does not do what it should. The working tree is left alone.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { importedFromEmpty } from './empty-project.mjs'
import { withEmptyRegistry } from './local-registry.mjs'
import { manifestOf, missingAddresses, publishedMembers } from './manifests.mjs'
import { identities } from './release.mjs'
import { cloneOfHead, execute, raiseVersions, withFolder } from './scratch-clone.mjs'
import { main, node } from './spawn.mjs'
import { refusedParts, sbomOf } from './sbom.mjs'
import { excesses, largestBump, planOf, raised } from './version-plan.mjs'

const start = performance.now()
const say = (/** @type {string} */ text) =>
  console.log(`${((performance.now() - start) / 1000).toFixed(0).padStart(4)} s  ${text}`)

await main(() =>
  withFolder(async (folder) => {
    await laterVersions(join(folder, 'later'))
    const clone = join(folder, 'clone')
    cloneOfHead(clone)
    await raise(clone)
    execute(node('scripts/run.mjs', 'setup'), clone)
    say('installed and built')
    addresses(clone)
    await withEmptyRegistry(async (registry) => {
      // No build of ours is made here, whatever machine this is.
      const others = Object.entries(registry.env).filter(([name]) => !identities.includes(name))
      const env = Object.fromEntries(others)
      execute(node('scripts/release.mjs'), clone, env)
      say(`published ${publishedMembers(clone).length} packages`)
      inEmptyProjects(folder, clone, env)
    })
    return 0
  }),
)

/**
 * Raise the versions by the changesets there are, and see that none is raised further.
 * @param {string} clone @returns {Promise<string>} the version that all packages share
 */
async function raise(clone) {
  const plan = await planOf(clone)
  const before = sharedVersion(clone)
  const wrong = excesses(plan)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  raiseVersions(clone)
  commit(clone)
  const expected = raised(before, largestBump(plan))
  const version = sharedVersion(clone)
  if (version !== expected) throw new Error(`version: found ${version}, expected ${expected}`)
  say(`${largestBump(plan)}: ${before} → ${version}`)
  return version
}

/**
 * See that a new feature of one package raises all to the next minor version, now and after 1.0.0.
 * @param {string} clone
 */
async function laterVersions(clone) {
  cloneOfHead(clone)
  await raise(clone)
  minorOfOne(clone)
  await raise(clone)
  const members = publishedMembers(clone).map(([folder]) => `${folder}/package.json`)
  for (const path of members) {
    const text = readFileSync(join(clone, path), 'utf8')
    writeFileSync(join(clone, path), text.replace(/"version": "[^"]*"/, '"version": "1.0.0"'))
  }
  commit(clone)
  minorOfOne(clone)
  await raise(clone)
}

/** @param {string} clone */
function minorOfOne(clone) {
  writeFileSync(join(clone, '.changeset/a-feature.md'), "---\n'@lotion/gpu': minor\n---\n\nA feature.\n")
}

/** @param {string} clone @returns {string} */
function sharedVersion(clone) {
  const versions = new Set(publishedMembers(clone).map(([, { version }]) => version))
  const [version = ''] = versions
  if (versions.size !== 1)
    throw new Error(`versions: found ${[...versions].join(', ')}, expected one of all packages`)
  return version
}

/** @param {string} clone */
function commit(clone) {
  const author = ['-c', 'user.name=release-path', '-c', 'user.email=release-path@localhost']
  const flags = ['-c', 'commit.gpgsign=false', 'commit', '--all', '--quiet', '--no-verify']
  execute({ file: 'git', args: ['add', '--all'] }, clone)
  execute({ file: 'git', args: [...author, ...flags, '--message', 'release'] }, clone)
}

/**
 * See that a release without addresses is refused; give the clone some, so that the rest can be tried.
 * @param {string} clone
 */
function addresses(clone) {
  const top = manifestOf('.', clone)
  const missing = missingAddresses(top)
  if (missing.length === 0) return
  let said = ''
  try {
    execute(node('scripts/run.mjs', 'release'), clone)
  } catch (error) {
    said = String(error)
  }
  if (!said.includes(`package.json says nothing in ${missing.join(', ')}`))
    throw new Error(`release: expected a refusal that names ${missing.join(', ')}, found '${said}'`)
  say(`a release is refused as long as package.json says nothing in ${missing.join(', ')}`)
  const home = 'https://example.org/lotion'
  const filled = { repository: { type: 'git', url: `git+${home}.git` }, bugs: { url: `${home}/issues` } }
  writeFileSync(join(clone, 'package.json'), JSON.stringify({ ...top, homepage: home, ...filled }, null, 2))
  execute(node('scripts/run.mjs', 'manifests'), clone)
  commit(clone)
}

/**
 * Install all packages and import what they offer; look at the licences of all parts that they bring.
 * @param {string} folder @param {string} clone @param {NodeJS.ProcessEnv} env
 */
function inEmptyProjects(folder, clone, env) {
  const packages = publishedMembers(clone).map(([, manifest]) => manifest)
  const entries = importedFromEmpty(join(folder, 'project'), packages, env)
  say(`installed into an empty project, imported ${entries.length} entries: ${entries.join(' ')}`)
  const versions = Object.fromEntries(packages.map(({ name, version }) => [name, version]))
  mkdirSync(join(folder, 'parts'))
  const sbom = sbomOf(join(folder, 'parts'), versions, env)
  const refused = refusedParts(sbom)
  if (refused.length > 0) throw new Error(refused.join('\n'))
  say(`all ${sbom.components.length} parts are under allowed licences`)
}
