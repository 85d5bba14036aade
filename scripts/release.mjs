// Publishes the packages. Comes in: a tree whose versions are raised and which is built and checked. Goes
// out: what the registry does not have yet, with provenance where the machine can prove where it was built;
// refused as long as the root's package.json does not say where the sources are.
import { manifestOf, missingAddresses } from './manifests.mjs'
import { environment, main, node, run } from './spawn.mjs'

/**
 * Names of what proves to a registry which build made a package: an identity token that GitHub Actions (with
 * `id-token: write`) or GitLab CI (as an `id_tokens` entry) gives to a job.
 */
export const identities = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'SIGSTORE_ID_TOKEN']

/** Refuse a release of which nobody could tell where it comes from. */
export function refuseWithoutAddresses() {
  const missing = missingAddresses(manifestOf('.'))
  if (missing.length > 0)
    throw new Error(
      `release: package.json says nothing in ${missing.join(', ')}, expected addresses of the sources, the ` +
        'homepage and the reports of faults: fill them in, run npm run manifests, commit, and release again',
    )
}

/** Publish through changesets, which tags what it published. */
async function publish() {
  refuseWithoutAddresses()
  const identity = identities.find((name) => process.env[name])
  console.log(
    identity === undefined
      ? 'provenance: no, for this machine has no identity token of a build'
      : `provenance: yes, by ${identity}`,
  )
  const env = identity === undefined ? environment() : { ...environment(), NPM_CONFIG_PROVENANCE: 'true' }
  return run(node('node_modules/@changesets/cli/bin.js', 'publish', ...process.argv.slice(2)), { env })
}

if (process.argv[1] === import.meta.filename) await main(publish)
