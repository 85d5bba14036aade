// Check of the guide. Comes in: its pages. Goes out: every command that a page tells its reader to type, run
// at the top of the clone; status 1 if one fails, or prints other lines than the page shows.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { notPrinted, toldCommands } from './guide-blocks.mjs'
import { files } from './members.mjs'
import { main, root } from './spawn.mjs'

/** A stand-in for the top of the clone, within it: what a page makes there goes with it. */
const top = join(root, '.snippets/guide')

await main(async () => {
  const pages = files('docs/guide').filter((path) => path.endsWith('.md'))
  let failed = 0
  for (const page of pages) {
    rmSync(top, { recursive: true, force: true })
    mkdirSync(top, { recursive: true })
    symlinkSync(join(root, 'docs'), join(top, 'docs'), 'dir')
    try {
      const problems = toldCommands(readFileSync(join(root, page), 'utf8')).flatMap(problemOf)
      const stray = readdirSync(top).filter((name) => !['docs', 'my'].includes(name))
      if (stray.length > 0)
        problems.push({ line: 1, problem: `makes ${stray.join(', ')}: expected all of it in my/` })
      console.log(`${page} ${problems.length === 0 ? 'ok' : 'failed'}`)
      for (const { line, problem } of problems) console.log(`${page}:${line} ${problem}`)
      failed += problems.length
    } finally {
      rmSync(top, { recursive: true, force: true })
    }
  }
  return failed === 0 ? 0 : 1
})

/**
 * Run what is told.
 * @param {import('./guide-blocks.mjs').Told} told
 * @returns {{ readonly line: number, readonly problem: string }[]}
 */
function problemOf({ command, shown, line }) {
  // npm runs scripts at the top and says in INIT_CWD where its caller stood.
  const env = { ...process.env, INIT_CWD: top }
  const { status, stdout, stderr } = spawnSync('sh', ['-eu', '-c', command], {
    cwd: top,
    env,
    encoding: 'utf8',
    timeout: 300_000,
  })
  if (shown === undefined)
    return status === 0 ? [] : [{ line, problem: `failed with status ${status}:\n${stdout}${stderr}` }]
  const missing = notPrinted(shown, stdout)
  return missing === undefined ? [] : [{ line, problem: `shows '${missing}', found:\n${stdout}${stderr}` }]
}
