import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { versions } from './versions.js'

test('names every package that is installed, with its own version', () => {
  const found = versions()
  const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
  const manifest = JSON.parse(text('../../package.json')) as { version: string }
  const [, own = ''] = /^ {2}packages\/bench:\n([\s\S]*?)\n\n/m.exec(text('../../../../pnpm-lock.yaml')) ?? []
  expect(found['node']).toBe(process.versions.node)
  expect(found['@lotion/bench']).toBe(manifest.version)
  for (const name of ['@tensorflow/tfjs-core', 'onnxruntime-node'])
    expect(own).toMatch(new RegExp(`^ +'?${name}'?:\n.*\n +version: ${found[name]}(\\(|$)`, 'm'))
  expect(
    Object.entries(found).filter(([, version]) => version === 'not found' || version === 'unknown'),
  ).toEqual([])
})
