// What `lotion new` makes is formatted as the repository is: templates carry suffixes that a formatter does
// not know, so they are looked at as they are made.
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newPlugin } from './new-plugin.js'
import { newProject } from './new-project.js'
import { templateKinds } from './template-kinds.js'

const top = fileURLToPath(new URL('../../../../', import.meta.url))

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'lotion-rendered-'))))
afterAll(() => rm(folder, { recursive: true }))

test.each(['project', ...templateKinds()])('a new %s is formatted', async (kind) => {
  const name = `my-${kind}`
  const made = join(folder, name)
  if (kind === 'project') await newProject(made)
  else await newPlugin({ kind, name, folder: made, workspace: false })
  const oxfmt = [
    join(top, 'node_modules/oxfmt/bin/oxfmt'),
    '--config',
    join(top, '.oxfmtrc.json'),
    '--check',
    '.',
  ]
  const { status, stdout, stderr } = spawnSync(process.execPath, oxfmt, { cwd: made, encoding: 'utf8' })
  expect(`${stdout}${stderr}`).toContain('All matched files use the correct format')
  expect(status).toBe(0)
})
