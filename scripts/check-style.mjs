// Check of the style. Comes in: the working tree. Goes out: `file:line message` for each violation, and
// status 1.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { files, memberFolders } from './members.mjs'
import { main, root } from './spawn.mjs'
import { checkStyle } from './style.mjs'

await main(async () => {
  const { printWidth } = JSON.parse(readFileSync(join(root, '.oxfmtrc.json'), 'utf8'))
  const sources = [...readdirSync(root), ...[...memberFolders(), 'scripts'].flatMap(files)]
    .filter((path) => /\.m?[jt]s$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
  const problems = checkStyle(sources, printWidth)
  for (const { file, line, message } of problems) console.log(`${file}:${line} ${message}`)
  if (problems.length === 0) console.log(`${sources.length} files keep to one style`)
  return problems.length === 0 ? 0 : 1
})
