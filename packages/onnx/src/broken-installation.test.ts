// What is missing or damaged in an installation, made for real in a copy of this package's folder and met by
// a process of its own: the promised fallback, or one line that says what to do. A library that is cut short
// used to end the process without a word.

import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { amount, bundled } from '@lotion/test-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const own = fileURLToPath(new URL('..', import.meta.url))
const { platform, arch } = process
const libraries = `bin/napi-v6/${platform}/${arch}`
const prebuilt = `@koromix/koffi-${platform}-${arch}`

const scratch: string[] = []
const made = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'installation-'))
  scratch.push(folder)
  return folder
}
const program = join(made(), 'index.mjs')
beforeAll(() => bundled(new URL('index.ts', import.meta.url), program))
afterAll(() => scratch.forEach((folder) => rmSync(folder, { recursive: true })))

/** Parts of the installation: a folder to link to, or how to make one. */
type Part = string | ((into: string) => void)

const installed = (name: string): string => realpathSync(join(own, 'node_modules', name))

/** The dependency of a package as that package finds it. */
const beside = (name: string, dependency: string): string =>
  realpathSync(join(installed(name), ...name.split('/').map(() => '..'), dependency))

const koffiWithoutBinary: Part = (into) => {
  for (const part of ['package.json', 'index.js', 'index.cjs', 'src/koffi'])
    cpSync(join(installed('koffi'), part), join(into, part), {
      recursive: true,
      filter: (path) => !/\.(cc|hh|S|asm)$/.test(path),
    })
}

const onnxruntime =
  (change: (folder: string) => void): Part =>
  (into) => {
    for (const part of ['package.json', 'dist', libraries])
      cpSync(join(installed('onnxruntime-node'), part), join(into, part), { recursive: true })
    change(join(into, libraries))
  }

const cutShort = (path: string): void => truncateSync(path, Math.floor(statSync(path).size / 2))

/** Run an engine in a copy of this package with other parts. */
function engineWith(
  parts: Readonly<Record<string, Part>>,
  { binding = 'auto', flags = [] }: { readonly binding?: string; readonly flags?: readonly string[] } = {},
) {
  const folder = made()
  cpSync(program, join(folder, 'index.mjs'))
  cpSync(join(own, 'package.json'), join(folder, 'package.json'))
  const all: Readonly<Record<string, Part>> = {
    '@tensorflow/tfjs-backend-cpu': installed('@tensorflow/tfjs-backend-cpu'),
    '@tensorflow/tfjs-core': installed('@tensorflow/tfjs-core'),
    'onnxruntime-common': beside('onnxruntime-node', 'onnxruntime-common'),
    'onnxruntime-node': installed('onnxruntime-node'),
    koffi: installed('koffi'),
    ...parts,
  }
  for (const [name, part] of Object.entries(all)) {
    const place = join(folder, 'node_modules', name)
    mkdirSync(dirname(place), { recursive: true })
    if (typeof part === 'string') symlinkSync(part, place, 'junction')
    else part(place)
  }
  const code = `
    const { onnxEngine } = await import(${JSON.stringify(pathToFileURL(join(folder, 'index.mjs')).href)})
    const tf = await import(${JSON.stringify(import.meta.resolve('@tensorflow/tfjs-core'))})
    try {
      const engine = await onnxEngine({ threads: 1, binding: '${binding}', onWarning: (text) => console.log('warning:', text) })
      const step = engine.forward((_, { x }) => ({ y: tf.neg(x) }))
      const { y } = await step.run({}, { x: { data: Float32Array.of(2), shape: [1] } })
      console.log(engine.binding, y[0])
      await engine.close()
    } catch (error) {
      console.log('error:', error.message)
    }`
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, '--input-type=module', '--eval', code],
    { encoding: 'utf8', cwd: folder, env: { PATH: process.env['PATH'], CI: 'true' } },
  )
  return {
    status,
    signal,
    lines: stdout.split('\n').filter((line) => !/^(=|Hi,|.*node backend)/.test(line) && line !== ''),
    stderr,
  }
}

describe.skipIf(platform !== 'linux')('an installation', () => {
  it("without koffi's binary runs on onnxruntime-node, and says why", () => {
    const { lines, ...ended } = engineWith({ koffi: koffiWithoutBinary })
    expect(lines, ended.stderr).toEqual([
      expect.stringMatching(
        /^warning: onnxruntime's C API did not load \(koffi did not load on .*optional dependency: install without omitting those\); using onnxruntime-node's own API/,
      ),
      'node -2',
    ])
    expect(ended.status).toBe(0)
  })

  it("with koffi's binary cut short runs on onnxruntime-node, and names the file", () => {
    const { lines, ...ended } = engineWith({
      koffi: koffiWithoutBinary,
      [prebuilt]: (into) => {
        cpSync(beside('koffi', prebuilt), into, { recursive: true })
        cutShort(join(into, `${platform}_${arch}`, 'koffi.node'))
      },
    })
    expect(lines, ended.stderr).toEqual([
      expect.stringMatching(
        /^warning: .*koffi\.node is damaged: its headers name \d+ bytes, it has \d+; remove node_modules and install again/,
      ),
      'node -2',
    ])
    expect(ended.status).toBe(0)
  })

  it.each(['auto', 'native', 'node'].slice(0, amount(1, 3)))(
    'with the library cut short names the file: %s',
    (binding) => {
      const { lines, status, signal } = engineWith(
        { 'onnxruntime-node': onnxruntime((folder) => cutShort(join(folder, 'libonnxruntime.so.1'))) },
        { binding },
      )
      expect({ lines, status, signal }).toEqual({
        lines: [
          expect.stringMatching(
            /^error: .*libonnxruntime\.so\.1 is damaged: its headers name \d+ bytes, it has \d+; remove/,
          ),
        ],
        status: 0,
        signal: null,
      })
    },
  )

  it('without a library for the platform says so, once', () => {
    const { lines } = engineWith({
      'onnxruntime-node': onnxruntime((folder) => rmSync(folder, { recursive: true })),
    })
    expect(lines).toEqual([
      `error: onnxruntime did not load: onnxruntime-node has no library for ${platform} ${arch}; ` +
        'use a supported platform, or eagerEngine of @lotion/tfjs',
    ])
  })

  it('runs where code may not be made from text', () => {
    const { lines, stderr } = engineWith({}, { flags: ['--disallow-code-generation-from-strings'] })
    expect(lines, stderr).toEqual(['native -2'])
  })
})
