// Check of the public API. Comes in: built packages and the reports in git, `packages/*/api/*.api.md`. Goes
// out: the difference where a report does not say what an entry exports, and status 1; with `--write` the
// reports are rewritten instead.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import { apiReports } from './api-reports.mjs'
import { publishedEntries } from './entries.mjs'
import { files, memberFolders } from './members.mjs'
import { main, root } from './spawn.mjs'

await main(async () => {
  const written = new Map(
    memberFolders()
      .filter((folder) => existsSync(join(root, folder, 'api')))
      .flatMap((folder) => files(`${folder}/api`))
      .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  )
  const made = new Map(apiReports(publishedEntries()).map(({ path, text }) => [path, text]))
  const stale = [...new Set([...written.keys(), ...made.keys()])]
    .filter((path) => written.get(path) !== made.get(path))
    .toSorted()
  if (process.argv.includes('--write')) {
    for (const path of stale) rewrite(path, made.get(path))
    console.log(
      `${made.size} reports of entries, ${stale.length} rewritten${stale.map((path) => `\n  ${path}`).join('')}`,
    )
    return 0
  }
  for (const path of stale)
    console.log(
      createTwoFilesPatch(path, path, written.get(path) ?? '', made.get(path) ?? '', 'in git', 'exported'),
    )
  console.log(
    stale.length === 0
      ? `${made.size} reports say what the entries export`
      : `${stale.length} of ${made.size} reports are stale: run \`npm run api\`, read the difference as your users would, commit it`,
  )
  return stale.length === 0 ? 0 : 1
})

/** @param {string} path @param {string | undefined} text */
function rewrite(path, text) {
  const file = join(root, path)
  if (text === undefined) return rmSync(file)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
