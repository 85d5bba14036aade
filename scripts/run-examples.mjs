// Runs every example as its readers would. Comes in: built packages. Goes out: the `test` script of each
// example, and status 1 if one fails or has none.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { memberFolders } from './members.mjs'
import { main, pnpm, root, run } from './spawn.mjs'

await main(async () => {
  const [only] = process.argv.slice(2)
  const examples = memberFolders().filter((folder) => folder.startsWith('examples/'))
  const chosen = examples.filter((folder) => only === undefined || folder === `examples/${only}`)
  if (only !== undefined && chosen.length === 0)
    throw new Error(`no example '${only}': expected one of ${examples.join(', ')}`)
  let failed = 0
  for (const folder of chosen) {
    console.log(`\n── ${folder}`)
    const { scripts } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    if (scripts?.test === undefined) console.log(`${folder}/package.json has no test script: add one`)
    const status = scripts?.test === undefined ? 1 : await run(pnpm('--dir', folder, 'run', 'test'))
    if (status !== 0) failed++
  }
  console.log(`\n${chosen.length} examples, ${failed} failed`)
  return failed === 0 ? 0 : 1
})
