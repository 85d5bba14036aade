import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordedCli } from '../recorded-cli.js'
import { newProject, projectName } from './new-project.js'

let parent = ''
beforeEach(async () => void (parent = await mkdtemp(join(tmpdir(), 'lotion-project-'))))
afterEach(() => rm(parent, { recursive: true }))

const files = [
  '.gitignore',
  'README.md',
  'package.json',
  'src/main.ts',
  'src/points.ts',
  'src/training.test.ts',
  'src/training.ts',
  'tsconfig.json',
]

test('a project asks for the versions of the command that made it, under the name of its folder', async () => {
  const folder = join(parent, 'My First_project')
  expect([...(await newProject(folder, '1.2.3'))].sort()).toEqual(files)
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string
    readonly dependencies: Readonly<Record<string, string>>
  }
  expect(manifest.name).toBe('my-first-project')
  const ours = Object.entries(manifest.dependencies).filter(([name]) => name.startsWith('@lotion/'))
  expect(new Set(ours.map(([, range]) => range))).toEqual(new Set(['^1.2.3']))
  expect(await readFile(join(folder, 'README.md'), 'utf8')).toMatch(/^# my-first-project\n/)
  expect(await readdir(parent)).toEqual(['My First_project'])
})

test('an empty folder is filled, one with files is refused and left as it is', async () => {
  const folder = join(parent, 'here')
  await mkdir(folder)
  await newProject(folder)
  await writeFile(join(folder, 'README.md'), 'mine')
  await expect(newProject(folder)).rejects.toThrow(
    /expected an empty or a new one, found .*here with .*in it/,
  )
  expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe('mine')
})

test('a folder without a word in its name gives a project with a name', () => {
  expect(projectName('/_')).toBe('my-project')
})

test('the command says what to do next', async () => {
  const { status, stdout } = await recordedCli(['new', 'project', join(parent, 'mine')])
  expect(status).toBe(0)
  expect(stdout).toContain('npm install && npm start, then npm test')
})
