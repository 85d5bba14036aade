// Check of licences. Comes in: the lockfile's packages. Goes out: what is not allowed, and whether the page
// in the guide lists just them; with `--write` the page is written.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { carriedParts } from './carried.mjs'
import { lockedLicences, pageOfLicences, refusals } from './licences.mjs'
import { main, root } from './spawn.mjs'

const path = 'docs/guide/licences.md'

await main(async () => {
  const packages = lockedLicences()
  const carried = carriedParts()
  const page = pageOfLicences(packages, carried)
  if (process.argv.includes('--write')) writeFileSync(join(root, path), page)
  const stale = readFileSync(join(root, path), 'utf8') !== page
  const wrong = [
    ...refusals([...packages, ...carried]),
    ...(carried.length === 0 ? ['expected notices in the file that carries packages, found none'] : []),
    ...(stale ? [`${path} is not of this lockfile: npm run licences writes it`] : []),
  ]
  console.log(wrong.length === 0 ? `${packages.length} packages under allowed licences` : wrong.join('\n'))
  return wrong.length === 0 ? 0 : 1
})
