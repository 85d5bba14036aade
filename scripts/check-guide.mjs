// Check of the guide. Comes in: its pages; words, each a part of the names of those to be run, if not all.
// Goes out: every command that a page tells its reader to type, run at the top of a clone elsewhere; status 1
// if one ends with another status, prints other lines than the page shows, or if a goal of a page is not
// reached by its commands. What several pages begin with, word for word, is run once.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { guide } from '../docs/.vitepress/guide.js'
import { beginning, notPrinted, toldCommands } from './guide-blocks.mjs'
import { holdGoals } from './guide-goals.mjs'
import { main, root } from './spawn.mjs'
import { seen, standingAt, topOfClone } from './top-of-clone.mjs'

/** @typedef {import('./guide-blocks.mjs').Told} Told */

/** @param {string} path of a page */
const told = (path) => toldCommands(readFileSync(join(root, `docs/${path}.md`), 'utf8'))

await main(async () => {
  const all = guide.flatMap((group) => group.pages)
  const words = process.argv.slice(2)
  const pages = all.filter(({ path }) => words.length === 0 || words.some((word) => path.includes(word)))
  if (pages.length === 0)
    throw new Error(
      `no page has ${words.join(' or ')} in its name: expected one of ${all.map(({ path }) => path).join(', ')}`,
    )
  /** @type {string[]} */ const problems = []
  let goals = 0
  const begun = begunBy(pages.map(({ path }) => told(path)))
  for (const page of pages) {
    const commands = told(page.path)
    const top = topOfClone()
    try {
      const ran = commands.map((each) => ({ page: page.path, ...outcome(page.path, each, top, begun) }))
      const made = (/** @type {string} */ _, /** @type {string} */ path) => existsSync(join(top, path))
      const held = holdGoals([page], 'command', ran, made)
      const stray = readdirSync(top).filter((name) => ![...seen, 'my'].includes(name))
      const own = [
        ...ran.flatMap((each) => each.problems),
        ...held.problems,
        ...(stray.length > 0 ? [`makes ${stray.join(', ')}: expected all of it in my/`] : []),
      ]
      console.log(`docs/${page.path}.md ${own.length === 0 ? 'ok' : 'failed'}, ${commands.length} commands`)
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

/** @typedef {{ status: number | null, stdout: string, stderr: string }} End */

/**
 * The beginnings that pages share, each run when it is first asked for.
 * @param {readonly (readonly Told[])[]} pages
 */
function begunBy(pages) {
  const beginnings = pages.map(([first]) => (first === undefined ? undefined : beginning(first.command)))
  /** @type {Map<string, { top: string, end: End }>} */ const done = new Map()
  process.on('exit', () => done.forEach(({ top }) => rmSync(top, { recursive: true, force: true })))
  return (/** @type {string} */ command) => {
    const lines = beginning(command)
    if (lines === undefined || beginnings.filter((each) => each === lines).length < 2) return undefined
    const known = done.get(lines) ?? ranElsewhere(lines)
    done.set(lines, known)
    return { lines, ...known }
  }
}

/** @param {string} lines */
function ranElsewhere(lines) {
  const top = topOfClone()
  return { top, end: typed(lines, top) }
}

/** @param {string} command @param {string} top @returns {End} */
function typed(command, top) {
  return spawnSync('sh', ['-eu', '-c', command], { ...standingAt(top), encoding: 'utf8', timeout: 300_000 })
}

/**
 * Run what is told; of what begins as a page before it did, the rest, in a copy of what that left.
 * @param {Told} each @param {string} top @param {ReturnType<typeof begunBy>} begun @returns {End}
 */
function ended({ command }, top, begun) {
  const before = begun(command)
  if (before === undefined) return typed(command, top)
  if (before.end.status !== 0) return before.end
  cpSync(join(before.top, 'my'), join(top, 'my'), { recursive: true })
  const { status, stdout, stderr } = typed(`cd my\n${command.slice(before.lines.length)}`, top)
  return { status, stdout: before.end.stdout + stdout, stderr: before.end.stderr + stderr }
}

/**
 * Hold what is told to what happens.
 * @param {string} page @param {Told} each @param {string} top @param {ReturnType<typeof begunBy>} begun
 */
function outcome(page, each, top, begun) {
  const { command, status: expected, shown, line } = each
  const { status, stdout, stderr } = ended(each, top, begun)
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
