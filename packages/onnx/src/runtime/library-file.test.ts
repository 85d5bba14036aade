// The libraries that onnxruntime-node brings for all its platforms: ELF, Mach-O and PE files, whole and cut
// short.

import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { checkLibraryFile } from './library-file.js'

const root = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin')
const shipped = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(node|dll|dylib|so\.1)$/.test(name),
)
const scratch = mkdtempSync(join(tmpdir(), 'library-'))
afterAll(() => rmSync(scratch, { recursive: true }))

it('passes every library that is whole', () => {
  expect(shipped.length).toBeGreaterThanOrEqual(10)
  for (const name of shipped) checkLibraryFile(join(root, name))
})

it.each(shipped.filter((name) => name.endsWith('.node')))(
  'finds %s cut short anywhere but for its very end',
  (name) => {
    const copy = join(scratch, 'cut.node')
    cpSync(join(root, name), copy)
    const { size } = statSync(copy)
    for (const left of [0.9 * size, size / 2, 4096, 100, 10, 3, 0].map(Math.floor)) {
      truncateSync(copy, left)
      expect(() => checkLibraryFile(copy), `${left} bytes of ${size}`).toThrow(`${copy} is damaged: `)
    }
  },
)

it('refuses what is no library', () => {
  const path = join(scratch, 'text.so')
  writeFileSync(path, 'version https://git-lfs.github.com/spec/v1\n')
  expect(() => checkLibraryFile(path)).toThrow(
    /text\.so is damaged: it is no shared library \(43 bytes\); remove node_modules/,
  )
})
