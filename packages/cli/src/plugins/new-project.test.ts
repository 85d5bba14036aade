import { existsSync, mkdirSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
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
  'vitest.config.ts',
]

test('a project asks for the versions of the command that made it, under the name of its folder', async () => {
  const folder = join(parent, 'My First_project')
  expect([...(await newProject(folder, '1.2.3')).files].sort()).toEqual(files)
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

test('what a new repository has stays as it is, and is told', async () => {
  const folder = join(parent, 'cloned')
  await mkdir(join(folder, '.git'), { recursive: true })
  for (const name of ['LICENSE', 'README.md', '.gitignore']) await writeFile(join(folder, name), 'theirs')
  const { stdout } = await recordedCli(['new', 'project', folder])
  expect(stdout).toContain('kept as it was: .gitignore, README.md\n')
  for (const name of ['LICENSE', 'README.md', '.gitignore'])
    expect(await readFile(join(folder, name), 'utf8')).toBe('theirs')
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['.git', 'package.json', 'src']))
})

test('a file is refused by name', async () => {
  const file = join(parent, 'afile')
  await writeFile(file, '')
  const { status, stderr } = await recordedCli(['new', 'project', file])
  expect(stderr).toContain(`error: folder: expected an empty or a new one, found a file at ${file};`)
  expect(status).toBe(2)
})

test('a failure in the middle leaves nothing behind', async () => {
  const folder = join(parent, 'half')
  await mkdir(folder)
  const making = newProject(folder)
  making.catch(() => undefined)
  // Somebody else makes a folder where the last of the files would go, once the first is there.
  while (!existsSync(join(folder, '.gitignore'))) await new Promise(setImmediate)
  mkdirSync(join(folder, 'vitest.config.ts'))
  await expect(making).rejects.toThrow(/EISDIR|EEXIST|ENOTEMPTY|EPERM/)
  expect(await readdir(folder)).toEqual(['vitest.config.ts'])
  expect(await readdir(parent)).toEqual(['half'])
})

test('the command quotes a folder and says what works where it stands', async () => {
  const { status, stdout } = await recordedCli(['new', 'project', join(parent, "It's mine")])
  expect(status).toBe(0)
  // Nothing is published, and outside a clone nothing is there; tests may be run by a script of the clone.
  expect(stdout).toMatch(
    /next: (make the folder in a clone|cd '.*It'\\''s mine' && npm --prefix \S+ run -s try src\/main\.ts\n)/,
  )
  expect(stdout).toMatch(/ npm install finds none of them\n$/)
  const inClone = fileURLToPath(new URL('../../../../my/', import.meta.url))
  const there = join(inClone, `It's mine ${process.pid}`)
  try {
    const made = await recordedCli(['new', 'project', there])
    const place = relative('', there).replaceAll("'", String.raw`'\''`)
    expect(made.stdout).toContain(`next: cd '${place}' && npm start, then npm test\n`)
  } finally {
    await rm(there, { recursive: true, force: true })
  }
})
