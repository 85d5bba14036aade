// The guide's pages with what they show of other files. Comes in: the pages, files that they name, the code.
// Goes out: the pages, written anew; with `--check`, status 1 where one shows something else.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeOrCompare } from './generated-file.mjs'
import { laneOperations } from './lane-operations.mjs'
import { files } from './members.mjs'
import { main, root } from './spawn.mjs'
import { withParts } from './written-parts.mjs'

/** What pages show that is no file, by name. @type {Readonly<Record<string, () => string>>} */
const made = { 'lane operations': laneOperations }

await main(async () => {
  const pages = files('docs/guide').filter((path) => path.endsWith('.md'))
  return Math.max(...pages.map(rewritten))
})

/** @param {string} page @returns {number} a status */
function rewritten(page) {
  const text = readFileSync(join(root, page), 'utf8')
  const now = withParts(text, {
    file: (path) => readFileSync(join(root, dirname(page), path), 'utf8'),
    part: (name) => {
      const make = made[name]
      if (make === undefined)
        throw new Error(`${page}: expected a part of ${Object.keys(made).join(', ')}, found '${name}'`)
      return make()
    },
  })
  return now === text ? 0 : writeOrCompare(page, now, 'scripts/page-parts.mjs', 'the files that it shows')
}
