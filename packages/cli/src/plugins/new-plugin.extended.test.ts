import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { recordedCli } from '../recorded-cli.js'
import { newPlugin } from './new-plugin.js'
import { templateKinds } from './template-kinds.js'

const cli = (...words: readonly string[]) => recordedCli(words)

/** Each starts a test runner of its own: in brief the one that is held to no laws. */
const kinds = templateKinds()

test.each(kinds)(
  'a new %s passes its test at once, does what is printed as next, and has at most 60 lines',
  async (kind) => {
    // Inside the package, so that the workspace's own packages are found.
    const parent = await mkdtemp(fileURLToPath(new URL('../../.new-', import.meta.url)))
    try {
      const target = join(parent, 'first-try')
      const files = await newPlugin({ kind, name: 'first-try', folder: target, workspace: true })
      const manifest = JSON.parse(await readFile(join(target, 'package.json'), 'utf8')) as {
        readonly devDependencies: Readonly<Record<string, string>>
      }
      const others = Object.entries(manifest.devDependencies).filter(([one]) => one.startsWith('@lotion/'))
      expect(others.map(([, range]) => range)).toEqual(others.map(() => 'workspace:^'))
      expect(others).not.toEqual([])
      expect(files).toContain('vitest.config.ts')
      expect(
        (await readFile(join(target, 'src/first-try.ts'), 'utf8')).split('\n').length,
      ).toBeLessThanOrEqual(60)
      const vitest = join(
        dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
        'vitest.mjs',
      )
      const env = { ...process.env, NO_COLOR: '1', VITEST: undefined, VITEST_WORKER_ID: undefined }
      const { status, stdout } = spawnSync(process.execPath, [vitest, 'run'], {
        cwd: target,
        encoding: 'utf8',
        env,
      })
      expect(stdout).toMatch(/Tests {2}\d+ passed/)
      expect(status).toBe(0)
      const made = join(target, 'src/first-try.ts')
      const few = ['--seeds', '1', '--methods', 'ptq', '--workers', '1']
      const used = await cli(...(kind === 'task' ? ['run', made, ...few] : ['verify', made]))
      expect(used).toMatchObject({ status: 0, stderr: '' })
      expect(used.stdout).toContain(kind === 'task' ? 'first-try: int4' : '(export firstTry)')
    } finally {
      await rm(parent, { recursive: true })
    }
  },
)
