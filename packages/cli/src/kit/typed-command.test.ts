import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { typedCommand, typedTry } from './typed-command.js'

const top = fileURLToPath(new URL('../../../../', import.meta.url))
const inClone = { LOTION_PARENT: '1' }

let outside: string
beforeAll(async () => (outside = await mkdtemp(join(tmpdir(), 'lotion-typed-'))))
afterAll(() => rm(outside, { recursive: true }))

test('in a clone the command is a script of npm, which finds it from a folder without a manifest', () => {
  expect(typedCommand(inClone, top)).toBe('npm run -s lotion --')
  expect(typedCommand(inClone, join(top, 'docs/guide'))).toBe('npm run -s lotion --')
})

test('from a folder with a manifest of its own, or outside, the clone is named', async () => {
  expect(typedCommand(inClone, join(top, 'packages/cli'))).toBe('npm --prefix ../.. run -s lotion --')
  await writeFile(join(outside, 'package.json'), '{}')
  const back = relative(outside, top).replace(/\/$/, '')
  expect(typedCommand(inClone, outside)).toBe(`npm --prefix ${back} run -s lotion --`)
  expect(typedTry(inClone, outside)).toBe(`npm --prefix ${back} run -s try`)
})

test('elsewhere it is in the path, or npx knows it', () => {
  expect(typedCommand({}, outside)).toBe('lotion')
  expect(typedCommand({ npm_command: 'exec' }, outside)).toBe('npx @lotion/cli')
  expect(typedTry({}, outside)).toBeUndefined()
})
