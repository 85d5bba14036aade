// Writes what the packages share into their manifests. Comes in: in a tree or a clone, the root's
// package.json. Goes out: its engines in each member's, its licence and addresses in each published one's, as
// the formatter orders them; nothing is changed where all is as it should be.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { licenceOf } from './carried.mjs'
import { manifestOf, manifestsOfMembers, sharedFields } from './manifests.mjs'
import { main, node, root, run } from './spawn.mjs'

const tree = process.argv[2] ?? root
const top = manifestOf('.', tree)

await main(async () => {
  const members = manifestsOfMembers(tree)
  for (const [folder, manifest] of members) {
    const license = licenceOf(top.license, folder)
    const shared = manifest.private === true ? {} : { license, ...sharedFields(top, folder) }
    const text = JSON.stringify({ ...manifest, engines: top.engines, ...shared }, null, 2)
    writeFileSync(join(tree, folder, 'package.json'), `${text}\n`)
  }
  const paths = members.map(([folder]) => `${folder}/package.json`)
  return run(node(join(root, 'node_modules/oxfmt/bin/oxfmt'), ...paths), { cwd: tree })
})
