// Check of the guide. Comes in: its pages. Goes out: every command that a page tells its reader to type, run
// at the top of a clone that lies elsewhere; status 1 if one ends with another status, prints other lines
// than the page shows, or if a goal of a page is not reached by its commands.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { guide } from '../docs/.vitepress/guide.js'
import { notPrinted, toldCommands } from './guide-blocks.mjs'
import { holdGoals } from './guide-goals.mjs'
import { main, root } from './spawn.mjs'
import { seen, standingAt, topOfClone } from './top-of-clone.mjs'

await main(async () => {
  const pages = guide.flatMap((group) => group.pages)
  /** @type {string[]} */ const problems = []
  let goals = 0
  for (const page of pages) {
    const told = toldCommands(readFileSync(join(root, `docs/${page.path}.md`), 'utf8'))
    const top = topOfClone()
    try {
      const ran = told.map((each) => ({ page: page.path, ...outcome(page.path, each, top) }))
      const made = (/** @type {string} */ _, /** @type {string} */ path) => existsSync(join(top, path))
      const held = holdGoals([page], 'command', ran, made)
      const stray = readdirSync(top).filter((name) => ![...seen, 'my'].includes(name))
      const own = [
        ...ran.flatMap((each) => each.problems),
        ...held.problems,
        ...(stray.length > 0 ? [`makes ${stray.join(', ')}: expected all of it in my/`] : []),
      ]
      console.log(`docs/${page.path}.md ${own.length === 0 ? 'ok' : 'failed'}, ${told.length} commands`)
      for (const problem of own) console.log(problem)
      problems.push(...own)
      goals += held.goals
    } finally {
      rmSync(top, { recursive: true, force: true })
    }
  }
  console.log(`${goals} goals of commands, ${problems.length} problems`)
  return problems.length === 0 ? 0 : 1
})

/**
 * Run what is told.
 * @param {string} page @param {import('./guide-blocks.mjs').Told} told @param {string} top
 */
function outcome(page, { command, status: expected, shown, line }, top) {
  const { status, stdout, stderr } = spawnSync('sh', ['-eu', '-c', command], {
    ...standingAt(top),
    encoding: 'utf8',
    timeout: 300_000,
  })
  // At the top of a clone, the way to it is not typed.
  const said = stdout.replaceAll(`npm --prefix ${relative(top, root)} run`, 'npm run')
  const at = `docs/${page}.md:${line}`
  const problems = []
  if (status !== expected)
    problems.push(`${at} expected status ${expected}, found ${status}:\n${stdout}${stderr}`)
  const missing = shown === undefined ? undefined : notPrinted(shown, said)
  if (missing !== undefined) problems.push(`${at} shows '${missing}', found:\n${stdout}${stderr}`)
  return { code: command, works: problems.length === 0, said, problems }
}
